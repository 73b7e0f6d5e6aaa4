namespace Hexabase.Worker.Durable;

/// <summary>
/// An orchestration: code that is run again from the start, on its recorded history, whenever something it waits for has happened.
/// </summary>
/// <remarks>
/// It must do the same every time: no clock, chance, I/O, environment, threads or tasks but those of its context. It takes its input
/// only, so its class has no constructor parameters but singletons that never change.
/// </remarks>
public abstract class TaskOrchestrator<TInput, TOutput>
{
    /// <summary>Runs the orchestration. What it returns is its output; what it throws fails it.</summary>
    /// <param name="context">Everything it may use of the outside.</param>
    /// <param name="input">What it was scheduled with; the default value when with nothing.</param>
    public abstract Task<TOutput> RunAsync(TaskOrchestrationContext context, TInput input);
}
