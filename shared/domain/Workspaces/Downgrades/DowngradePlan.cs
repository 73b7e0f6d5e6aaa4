using Hexabase.Domain.Workspaces.Migration;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>How a downgrade waits. All durations are above zero.</summary>
/// <param name="LookEvery">
/// How often it is looked whether it was taken back, as word of that may get lost, or the subscription is over before its time.
/// </param>
/// <param name="RetryAfter">Between two tries of what could not be done.</param>
public sealed record DowngradeOptions(TimeSpan LookEvery, TimeSpan RetryAfter)
{
    public static DowngradeOptions Default { get; } = new(LookEvery: TimeSpan.FromHours(1), RetryAfter: TimeSpan.FromMinutes(30));
}

/// <summary>What the saga of a downgrade does next.</summary>
public enum DowngradeAction
{
    /// <summary>Nothing any more.</summary>
    Finish,

    /// <summary>Tells the payment provider, and asks it when the period ends: at first, and once more when it should be over.</summary>
    LetSubscriptionEnd,

    /// <summary>Until a time, or until it is taken back.</summary>
    Wait,

    KeepSubscription,
    ListWorkloads,
    MoveWorkload,
    RemoveBackups,
    ApplyLimits,
    RemoveNodes,
    Complete,
}

/// <param name="Until">Of a wait: when it ends by itself.</param>
/// <param name="Namespace">The workspace's.</param>
/// <param name="Move">Of an app's move.</param>
/// <param name="Nodes">The nodes to be removed.</param>
public sealed record DowngradeNext(
    DowngradeAction Action,
    DateTimeOffset? Until = null,
    string? Namespace = null,
    WorkloadMove? Move = null,
    IReadOnlyList<string>? Nodes = null);

/// <summary>Says what is next, from the document alone: that is what makes the saga resume anywhere. No I/O, no clock.</summary>
public static class DowngradePlan
{
    public static DowngradeNext Next(Downgrade downgrade, DowngradeOptions options, DateTimeOffset now) => downgrade switch
    {
        _ when downgrade.IsFinished() => new DowngradeNext(DowngradeAction.Finish),
        { HeldUntil: { } until } when until > now => Wait(until, options, now),
        { Status: DowngradeStatus.Withdrawing } => new DowngradeNext(DowngradeAction.KeepSubscription),
        { Status: DowngradeStatus.Waiting } => downgrade.EndsAt is { } end && end > now
            ? Wait(end, options, now)
            : new DowngradeNext(DowngradeAction.LetSubscriptionEnd),
        _ => downgrade.NextStep() switch
        {
            DowngradeStep.WorkloadsMoved => downgrade.Moves is [var move, ..]
                ? new DowngradeNext(DowngradeAction.MoveWorkload, Namespace: downgrade.Namespace, Move: move)
                : new DowngradeNext(DowngradeAction.ListWorkloads),
            DowngradeStep.BackupsRemoved => new DowngradeNext(DowngradeAction.RemoveBackups),
            DowngradeStep.LimitsApplied => new DowngradeNext(DowngradeAction.ApplyLimits),
            DowngradeStep.NodesRemoved => new DowngradeNext(
                DowngradeAction.RemoveNodes, Namespace: downgrade.Namespace, Nodes: downgrade.Nodes ?? []),
            _ => new DowngradeNext(DowngradeAction.Complete),
        },
    };

    private static DowngradeNext Wait(DateTimeOffset until, DowngradeOptions options, DateTimeOffset now) =>
        new(DowngradeAction.Wait, until < now + options.LookEvery ? until : now + options.LookEvery);
}
