using System.Text.Json;
using Hexabase.Durable;
using Hexabase.Worker.Durable;
using TaskFailureDetails = Hexabase.Worker.Durable.TaskFailureDetails;

namespace Hexabase.Tests.Support.Durable;

/// <summary>What an <see cref="OrchestrationHost"/> has stored of an orchestration.</summary>
internal sealed class OrchestrationInstance(string id, string name, string? input, DateTimeOffset createdAt, JsonSerializerOptions json)
{
    public string Id => id;

    public string Name => name;

    /// <summary>JSON text; of the execution before last when it continued as new.</summary>
    public string? Input { get; set; } = input;

    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Pending;

    /// <summary>JSON text; of a failed instance its message, of a terminated one the reason.</summary>
    public string? Output { get; set; }

    public TaskFailureDetails? Failure { get; set; }

    /// <summary>JSON text.</summary>
    public string? CustomStatus { get; set; }

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset LastUpdatedAt { get; set; } = createdAt;

    public bool IsFinished =>
        Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>Of this execution.</summary>
    public List<HistoryEvent> History { get; } = [];

    /// <summary>What has happened since the last turn.</summary>
    public List<HistoryEvent> News { get; } = [];

    /// <summary>Another after each continue-as-new: what comes for the one before is not meant for this one.</summary>
    public string ExecutionId { get; set; } = "";

    /// <summary>Who waits for it; null for nobody.</summary>
    public ParentInstanceInfo? Parent { get; init; }

    public T OutputAs<T>() => JsonSerializer.Deserialize<T>(Output ?? "null", json)!;

    public T CustomStatusAs<T>() => JsonSerializer.Deserialize<T>(CustomStatus ?? "null", json)!;

    public override string ToString() => $"{Name} {Id}: {Status}, status {CustomStatus}, output {Output}";
}
