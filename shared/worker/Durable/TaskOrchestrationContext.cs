using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Durable;

/// <summary>
/// All that an orchestration may use of the outside. Its tasks complete in the order of the recorded history, on the one logical thread
/// of the orchestration: await nothing else. Inputs and outputs are stored; pass references, no secrets.
/// </summary>
public abstract class TaskOrchestrationContext
{
    /// <summary>Name that the orchestration was scheduled by.</summary>
    public abstract string Name { get; }

    public abstract string InstanceId { get; }

    /// <summary>The clock of an orchestration: UTC, the time of the turn that is (or was) played.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while the code runs over what has happened before.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Runs an activity, at least once.</summary>
    /// <exception cref="TaskFailedException">It failed, for the last time that the options allow.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(string name, object? input = null, TaskOptions? options = null);

    /// <inheritdoc cref="CallActivityAsync{TResult}"/>
    public Task CallActivityAsync(string name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object?>(name, input, options);

    /// <summary>Runs another orchestration and waits for it.</summary>
    /// <exception cref="TaskFailedException">It failed or was terminated, for the last time that the options allow.</exception>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(string name, object? input = null, TaskOptions? options = null);

    /// <summary>Completes at <paramref name="fireAt"/> (UTC), however far away.</summary>
    /// <param name="cancellation">Ends the wait; a timer that nobody waits for any more must be cancelled.</param>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellation);

    /// <summary>Completes after <paramref name="delay"/>.</summary>
    public Task CreateTimer(TimeSpan delay, CancellationToken cancellation) => CreateTimer(CurrentUtcDateTime + delay, cancellation);

    /// <summary>
    /// The payload of the next event of this name, which may have come already. Names are compared without case; of several waiters the
    /// newest is served first.
    /// </summary>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellation = default);

    /// <summary>The same, for so long at most.</summary>
    /// <exception cref="TaskCanceledException">No event came in time.</exception>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellation = default);

    /// <summary>Raises an event at another orchestration, at most once.</summary>
    public abstract void SendEvent(string instanceId, string eventName, object? payload = null);

    /// <summary>What <see cref="OrchestrationMetadata.SerializedCustomStatus"/> shows from the end of this turn on.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Begins again with a new input and an empty history once the code returns, whose result is ignored then.</summary>
    /// <param name="preserveUnprocessedEvents">Whether events that nobody has waited for yet reach the next execution.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>A version 5 UUID that is the same at every replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that says nothing while replaying.</summary>
    public abstract ILogger CreateReplaySafeLogger(string categoryName);

    /// <inheritdoc cref="CreateReplaySafeLogger(string)"/>
    public ILogger CreateReplaySafeLogger<T>() => CreateReplaySafeLogger(typeof(T).FullName!);
}
