namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>How a downgrade waits. All durations are above zero.</summary>
/// <param name="LookEvery">How often it is looked whether it was taken back, as word of that may get lost.</param>
/// <param name="RetryAfter">Between two tries of what could not be done.</param>
/// <param name="BusyPoll">How often it is looked whether another change, that was under way at the end of the period, has finished.</param>
public sealed record DowngradeOptions(TimeSpan LookEvery, TimeSpan RetryAfter, TimeSpan BusyPoll)
{
    public static DowngradeOptions Default { get; } = new(
        LookEvery: TimeSpan.FromHours(1), RetryAfter: TimeSpan.FromMinutes(30), BusyPoll: TimeSpan.FromMinutes(1));
}

/// <summary>What the saga of a downgrade does next.</summary>
public enum DowngradeAction
{
    /// <summary>Nothing any more.</summary>
    Finish,

    /// <summary>Tells the payment provider, and asks it for the end of the period: at first, and once more when it should be over.</summary>
    LetSubscriptionEnd,

    /// <summary>Until a time, or until it is taken back.</summary>
    Wait,

    KeepSubscription,
    ListWorkloads,
    MoveWorkloads,
    RemoveBackups,
    ApplyLimits,
    RemoveNodes,
    Complete,
}

/// <summary>Says what is next, from the document alone: that is what makes the saga resume anywhere. No I/O, no clock.</summary>
public static class DowngradePlan
{
    public static DowngradeAction Next(Downgrade downgrade, DateTimeOffset now) => downgrade switch
    {
        _ when downgrade.IsFinished() => DowngradeAction.Finish,
        { Status: DowngradeStatus.Withdrawing } => DowngradeAction.KeepSubscription,
        { Status: DowngradeStatus.Waiting } => downgrade.EndsAt > now ? DowngradeAction.Wait : DowngradeAction.LetSubscriptionEnd,
        _ => downgrade.NextStep() switch
        {
            DowngradeStep.WorkloadsMoved => downgrade.Moves is { Count: > 0 } ? DowngradeAction.MoveWorkloads : DowngradeAction.ListWorkloads,
            DowngradeStep.BackupsRemoved => DowngradeAction.RemoveBackups,
            DowngradeStep.LimitsApplied => DowngradeAction.ApplyLimits,
            DowngradeStep.NodesRemoved => DowngradeAction.RemoveNodes,
            _ => DowngradeAction.Complete,
        },
    };
}
