using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>
/// Going back to plan hobby at the end of the paid period. Document <c>downgrade:{serial}</c> in the account's partition, moved by
/// <see cref="DowngradeTransitions"/> only.
/// </summary>
/// <param name="OverLimits">What was more than hobby allows when it was asked for and, once it has begun, when it began.</param>
/// <param name="LogLines">How many lines its audit trail has.</param>
/// <param name="SagaWatch">When somebody looks whether it still makes progress, ISO 8601 UTC; null once it is finished.</param>
/// <param name="EndsAt">The end of the paid period, once the provider told it.</param>
/// <param name="Done">The steps that were taken, in order.</param>
/// <param name="Obstacle">What keeps a running one from going on, for people; it is tried again by itself.</param>
public sealed record Downgrade(
    string Id,
    DowngradeStatus Status,
    string SubscriptionId,
    IReadOnlyList<LimitedUse> OverLimits,
    DateTimeOffset CreatedAt,
    string CorrelationId,
    string? SagaWatch,
    int LogLines = 0,
    DateTimeOffset? EndsAt = null,
    DateTimeOffset? BegunAt = null,
    DateTimeOffset? FinishedAt = null,
    IReadOnlyList<DowngradeStep>? Done = null,
    string? Obstacle = null)
{
    public const string IdPrefix = "downgrade:";

    public bool IsFinished() => Status is DowngradeStatus.Withdrawn or DowngradeStatus.Completed;

    public bool HasDone(DowngradeStep step) => Done?.Contains(step) ?? false;

    public static string DocumentId(WorkspaceChangeId id) => IdPrefix + id.Serial;

    /// <summary>A point read; null when there is no such downgrade.</summary>
    public static ValueTask<Document<Downgrade>?> Read(IDocumentStore documents, WorkspaceChangeId id, CancellationToken ct) =>
        documents.Read<Downgrade>(Containers.Accounts, id.Account, DocumentId(id), ct);
}

/// <summary>Where a downgrade stands.</summary>
public enum DowngradeStatus
{
    /// <summary>The plan stays pro until the end of the paid period.</summary>
    Waiting,

    /// <summary>Its owner took it back; the subscription is to go on.</summary>
    Withdrawing,

    Withdrawn,

    /// <summary>The period is over, and the workspace goes back.</summary>
    Running,

    Completed,
}

/// <summary>What is done at the end of the period, in this order. Each may be repeated.</summary>
public enum DowngradeStep
{
    /// <summary>Every app runs on the shared pool.</summary>
    WorkloadsMoved,

    BackupsRemoved,

    /// <summary>The cluster holds the workspace to hobby's limits.</summary>
    LimitsApplied,

    /// <summary>The dedicated nodes are gone.</summary>
    NodesRemoved,
}
