namespace Hexabase.Worker.Durable;

/// <summary>One step of an orchestration that may do I/O. It is made anew for each call, from the services of the app.</summary>
/// <remarks>It runs at least once: after a crash again, with the same input. What must happen once needs a key in the input.</remarks>
public abstract class TaskActivity<TInput, TOutput>
{
    /// <summary>Does the work. What it throws reaches the orchestration as a <see cref="TaskFailedException"/>.</summary>
    /// <exception cref="NonRetriableTaskException">Trying again cannot help: no retry policy applies.</exception>
    public abstract Task<TOutput> RunAsync(TaskActivityContext context, TInput input);
}

/// <summary>What an activity is told about its call.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="InstanceId">The orchestration that called it; empty when unknown, as an input with such a property hides it.</param>
/// <param name="Stopping">Cancelled when the host gave up waiting or is gone.</param>
public sealed record TaskActivityContext(string Name, string InstanceId, CancellationToken Stopping);

/// <summary>Thrown by an activity whose failure no repetition can heal.</summary>
public sealed class NonRetriableTaskException : Exception
{
    public NonRetriableTaskException(string message) : base(message)
    {
    }

    public NonRetriableTaskException(string message, Exception? cause) : base(message, cause)
    {
    }
}
