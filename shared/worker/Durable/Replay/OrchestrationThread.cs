using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>The one thread that a turn runs on, from its creation to its <see cref="End"/>. Whoever comes on another has awaited a stranger.</summary>
internal sealed class OrchestrationThread(string instanceId, ILogger logger)
{
    private readonly int id = Environment.CurrentManagedThreadId;
    private volatile bool hasEnded;
    private volatile bool wasLeft;

    /// <summary>Code of the orchestration ran elsewhere while the turn went on.</summary>
    public bool WasLeft => wasLeft;

    /// <exception cref="ForeignAwaitException">The caller runs elsewhere or too late.</exception>
    public void Demand()
    {
        if (!IsHere())
            throw new ForeignAwaitException();
    }

    public void End() => hasEnded = true;

    /// <summary>The outcome of a step, or its cancellation by the orchestration itself.</summary>
    /// <param name="withdraw">Called when it is cancelled.</param>
    public async Task<T> Outcome<T>(TaskCompletionSource<T> step, Action withdraw, CancellationToken cancellation)
    {
        using (cancellation.UnsafeRegister(Cancel, state: null))
            return await step.Task;

        void Cancel(object? _)
        {
            // Thrown here it would reach whoever cancels, which may be a timer that takes the process down.
            if (!IsHere())
                return;
            withdraw();
            step.TrySetCanceled(cancellation);
        }
    }

    private bool IsHere()
    {
        if (Environment.CurrentManagedThreadId == id && !hasEnded)
            return true;
        wasLeft = true;
        logger.Left(instanceId);
        return false;
    }
}
