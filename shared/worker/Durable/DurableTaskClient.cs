namespace Hexabase.Worker.Durable;

/// <summary>Starts orchestrations and speaks with those that run, wherever they run.</summary>
public abstract class DurableTaskClient
{
    /// <summary>Schedules an orchestration and returns its id. An id whose instance is finished may be used again.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">An instance of the chosen id is running.</exception>
    public abstract Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default);

    /// <summary>How an instance stands; null when there is none of this id.</summary>
    /// <param name="getInputsAndOutputs">Also input, output and custom status.</param>
    public abstract Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Raises an event; false when no instance of this id is running.</summary>
    public abstract Task<bool> RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default);

    /// <summary>Ends an instance; false when none of this id is running.</summary>
    public abstract Task<bool> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <inheritdoc cref="TerminateInstanceAsync"/>
    public abstract Task<bool> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <inheritdoc cref="TerminateInstanceAsync"/>
    public abstract Task<bool> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Deletes a finished instance with its history; false when there is none of this id, or it is still running.</summary>
    public abstract Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default);

    /// <summary>Deletes the finished instances, with their histories, that were started until then; returns how many.</summary>
    public abstract Task<int> PurgeAllInstancesAsync(DateTimeOffset createdTo, CancellationToken cancellation = default);

    /// <summary>The instance once it is finished.</summary>
    /// <exception cref="InvalidOperationException">There is no instance of this id.</exception>
    public abstract Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);
}

/// <param name="InstanceId">
/// At most 100 characters, not starting with <c>@</c>, without <c>/ \ ? #</c> and control characters; null for a new one.
/// </param>
public sealed record StartOrchestrationOptions(string? InstanceId = null);

/// <summary>An instance of the chosen id is running.</summary>
public sealed class OrchestrationAlreadyExistsException(string instanceId, Exception? cause = null)
    : Exception($"An orchestration with the id '{instanceId}' is running.", cause)
{
    public string InstanceId { get; } = instanceId;
}
