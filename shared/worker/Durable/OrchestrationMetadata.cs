using System.Text.Json;

namespace Hexabase.Worker.Durable;

/// <summary>How an orchestration stands. Times are UTC; the serialized values are JSON, null when absent or not asked for.</summary>
/// <param name="SerializedOutput">The output; of a failed instance its message as a JSON string.</param>
public sealed record OrchestrationMetadata(
    string Name,
    string InstanceId,
    OrchestrationRuntimeStatus RuntimeStatus,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUpdatedAt,
    JsonElement? SerializedInput = null,
    JsonElement? SerializedOutput = null,
    JsonElement? SerializedCustomStatus = null)
{
    public bool IsFinished =>
        RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated
            or OrchestrationRuntimeStatus.Canceled;
}

/// <summary>The states of an orchestration.</summary>
public enum OrchestrationRuntimeStatus
{
    Running,
    Completed,
    ContinuedAsNew,
    Failed,
    Canceled,
    Terminated,
    Pending,
    Suspended,
}
