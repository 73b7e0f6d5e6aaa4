namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>What happens to a downgrade.</summary>
public abstract record DowngradeEvent
{
    /// <summary>The provider lets the subscription end, and says when.</summary>
    public sealed record EndScheduled(DateTimeOffset EndsAt) : DowngradeEvent;

    /// <summary>The owner takes it back.</summary>
    public sealed record WithdrawalAsked : DowngradeEvent;

    /// <summary>The subscription goes on.</summary>
    public sealed record SubscriptionKept : DowngradeEvent;

    /// <summary>The subscription was over before it could be kept.</summary>
    public sealed record WithdrawnTooLate : DowngradeEvent;

    /// <summary>The period is over.</summary>
    /// <param name="OverLimits">What is more than hobby allows now.</param>
    public sealed record Begun(IReadOnlyList<LimitedUse> OverLimits) : DowngradeEvent;

    /// <summary>A step could not be taken now.</summary>
    public sealed record Held(string Obstacle) : DowngradeEvent;

    public sealed record StepTaken(DowngradeStep Step) : DowngradeEvent;

    /// <summary>The workspace is on plan hobby.</summary>
    public sealed record Completed : DowngradeEvent;
}

/// <summary>The only way a downgrade moves.</summary>
public static class DowngradeTransitions
{
    /// <summary>
    /// The downgrade after an event; the same instance when the event has had its effect before.
    /// </summary>
    /// <exception cref="IllegalTransitionException">The event cannot happen to a downgrade that stands so.</exception>
    public static Downgrade Apply(Downgrade downgrade, DowngradeEvent happened, DateTimeOffset now) => (downgrade.Status, happened) switch
    {
        // The owner may take it back while the provider is being asked.
        (DowngradeStatus.Waiting or DowngradeStatus.Withdrawing, DowngradeEvent.EndScheduled e) =>
            downgrade.EndsAt == e.EndsAt ? downgrade : downgrade with { EndsAt = e.EndsAt },

        (DowngradeStatus.Waiting, DowngradeEvent.WithdrawalAsked) => downgrade with { Status = DowngradeStatus.Withdrawing },
        (DowngradeStatus.Withdrawing or DowngradeStatus.Withdrawn, DowngradeEvent.WithdrawalAsked) => downgrade,

        (DowngradeStatus.Withdrawing, DowngradeEvent.SubscriptionKept) => Finish(downgrade, DowngradeStatus.Withdrawn, now),
        (DowngradeStatus.Withdrawn, DowngradeEvent.SubscriptionKept) => downgrade,

        (DowngradeStatus.Withdrawing, DowngradeEvent.WithdrawnTooLate) => downgrade with { Status = DowngradeStatus.Waiting, EndsAt = now },

        (DowngradeStatus.Waiting, DowngradeEvent.Begun e) =>
            downgrade with { Status = DowngradeStatus.Running, BegunAt = now, OverLimits = e.OverLimits },
        (DowngradeStatus.Running or DowngradeStatus.Completed, DowngradeEvent.Begun) => downgrade,

        (DowngradeStatus.Running, DowngradeEvent.Held e) =>
            downgrade.Obstacle == e.Obstacle ? downgrade : downgrade with { Obstacle = e.Obstacle },

        (DowngradeStatus.Running, DowngradeEvent.StepTaken e) when downgrade.HasDone(e.Step) => downgrade,
        (DowngradeStatus.Running, DowngradeEvent.StepTaken e) when (int)e.Step == (downgrade.Done?.Count ?? 0) =>
            downgrade with { Done = [.. downgrade.Done ?? [], e.Step], Obstacle = null },

        (DowngradeStatus.Running, DowngradeEvent.Completed) when downgrade.Done?.Count == Steps =>
            Finish(downgrade, DowngradeStatus.Completed, now),
        (DowngradeStatus.Completed, DowngradeEvent.StepTaken or DowngradeEvent.Completed) => downgrade,

        _ => throw new IllegalTransitionException(downgrade.Id, downgrade.Status.ToString(), happened.GetType().Name),
    };

    private static readonly int Steps = Enum.GetValues<DowngradeStep>().Length;

    private static Downgrade Finish(Downgrade downgrade, DowngradeStatus status, DateTimeOffset now) =>
        downgrade with { Status = status, FinishedAt = now, SagaWatch = null };
}
