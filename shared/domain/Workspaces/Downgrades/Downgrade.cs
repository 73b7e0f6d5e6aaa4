using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Migration;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>
/// Going back to plan hobby at the end of the paid period. Document <c>downgrade:{serial}</c> in the account's partition, moved by
/// <see cref="DowngradeTransitions"/> only.
/// </summary>
/// <param name="OverLimits">What was more than hobby allows when it was asked for and, once it has begun, when it began.</param>
/// <param name="EndsAt">The end of the paid period, once the provider told it.</param>
/// <param name="Done">The steps that were taken, in order.</param>
/// <param name="Moves">The apps that are still to be moved to the shared pool, as they were before; null until they are listed.</param>
/// <param name="Nodes">The dedicated nodes to be removed, once it has begun.</param>
/// <param name="Obstacle">What keeps it from going on, for people; null for nothing.</param>
/// <param name="HeldUntil">When it is tried again.</param>
/// <param name="TimesHeld">How often its present step was held.</param>
public sealed record Downgrade(
    string DowngradeId,
    string WorkspaceId,
    string Namespace,
    DowngradeStatus Status,
    string SubscriptionId,
    IReadOnlyList<LimitedUse> OverLimits,
    DateTimeOffset CreatedAt,
    string CorrelationId,
    int LogLines = 1,
    DateTimeOffset? EndsAt = null,
    DateTimeOffset? BegunAt = null,
    DateTimeOffset? FinishedAt = null,
    IReadOnlyList<DowngradeStep>? Done = null,
    IReadOnlyList<WorkloadMove>? Moves = null,
    IReadOnlyList<string>? Nodes = null,
    string? Obstacle = null,
    DateTimeOffset? HeldUntil = null,
    int TimesHeld = 0) : IWorkspaceChange<Downgrade>
{
    /// <summary>So often a step is held before support is asked.</summary>
    public const int MostHolds = 8;

    public static string IdPrefix => "downgrade:";

    public bool IsFinished() => Status is DowngradeStatus.Withdrawn or DowngradeStatus.Completed;

    /// <summary>The step that is next, once it runs; null after the last.</summary>
    public DowngradeStep? NextStep() => (Done?.Count ?? 0) < StepCount ? (DowngradeStep)(Done?.Count ?? 0) : null;

    public bool HasDone(DowngradeStep step) => Done?.Contains(step) ?? false;

    /// <summary>It does not go on by itself. It is tried again for ever all the same.</summary>
    public bool NeedsSupport() => TimesHeld >= MostHolds;

    /// <summary>Nothing keeps it from going on any more.</summary>
    public Downgrade GoesOn() => this with { Obstacle = null, HeldUntil = null, TimesHeld = 0 };

    public Downgrade WithLogLines(int lines) => this with { LogLines = lines };

    private static readonly int StepCount = Enum.GetValues<DowngradeStep>().Length;
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
