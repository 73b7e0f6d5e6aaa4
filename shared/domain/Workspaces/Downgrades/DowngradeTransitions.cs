using System.Globalization;
using Hexabase.Domain.Workspaces.Changes;
using Moved = Hexabase.Domain.Workspaces.Changes.Transition<Hexabase.Domain.Workspaces.Downgrades.Downgrade>.Moved;
using Refused = Hexabase.Domain.Workspaces.Changes.Transition<Hexabase.Domain.Workspaces.Downgrades.Downgrade>.Refused;
using Repeated = Hexabase.Domain.Workspaces.Changes.Transition<Hexabase.Domain.Workspaces.Downgrades.Downgrade>.Repeated;

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
    private static readonly int Steps = Enum.GetValues<DowngradeStep>().Length;

    public static Transition<Downgrade> Apply(Downgrade downgrade, DowngradeEvent happened, DateTimeOffset now) =>
        (downgrade.Status, happened) switch
        {
            (DowngradeStatus.Waiting or DowngradeStatus.Withdrawing, DowngradeEvent.EndScheduled e) when downgrade.EndsAt == e.EndsAt =>
                new Repeated(),

            // The owner may take it back while the provider is being asked.
            (DowngradeStatus.Waiting or DowngradeStatus.Withdrawing, DowngradeEvent.EndScheduled e) => new Moved(
                downgrade with { EndsAt = e.EndsAt }, "end_scheduled", string.Create(CultureInfo.InvariantCulture, $"{e.EndsAt.UtcDateTime:u}")),

            (DowngradeStatus.Waiting, DowngradeEvent.WithdrawalAsked) =>
                new Moved(downgrade with { Status = DowngradeStatus.Withdrawing }, "withdrawal_asked"),
            (DowngradeStatus.Withdrawing or DowngradeStatus.Withdrawn, DowngradeEvent.WithdrawalAsked) => new Repeated(),

            (DowngradeStatus.Withdrawing, DowngradeEvent.SubscriptionKept) =>
                new Moved(Finish(downgrade, DowngradeStatus.Withdrawn, now), "withdrawn"),
            (DowngradeStatus.Withdrawn, DowngradeEvent.SubscriptionKept) => new Repeated(),

            (DowngradeStatus.Withdrawing, DowngradeEvent.WithdrawnTooLate) =>
                new Moved(downgrade with { Status = DowngradeStatus.Waiting, EndsAt = now }, "withdrawn_too_late"),

            (DowngradeStatus.Waiting, DowngradeEvent.Begun e) => new Moved(
                downgrade with { Status = DowngradeStatus.Running, BegunAt = now, OverLimits = e.OverLimits }, "begun", LimitedUse.Tell(e.OverLimits)),
            (DowngradeStatus.Running or DowngradeStatus.Completed, DowngradeEvent.Begun) => new Repeated(),

            (DowngradeStatus.Running, DowngradeEvent.Held e) when downgrade.Obstacle == e.Obstacle => new Repeated(),
            (DowngradeStatus.Running, DowngradeEvent.Held e) => new Moved(downgrade with { Obstacle = e.Obstacle }, "held", e.Obstacle),

            (DowngradeStatus.Running or DowngradeStatus.Completed, DowngradeEvent.StepTaken e) when downgrade.HasDone(e.Step) => new Repeated(),
            (DowngradeStatus.Running, DowngradeEvent.StepTaken e) when (int)e.Step == (downgrade.Done?.Count ?? 0) =>
                new Moved(downgrade with { Done = [.. downgrade.Done ?? [], e.Step], Obstacle = null }, "step_taken", e.Step.ToString()),

            (DowngradeStatus.Running, DowngradeEvent.Completed) when downgrade.Done?.Count == Steps =>
                new Moved(Finish(downgrade, DowngradeStatus.Completed, now), "completed"),
            (DowngradeStatus.Completed, DowngradeEvent.Completed) => new Repeated(),

            _ => new Refused($"A downgrade that is {downgrade.Status} cannot be told {happened.GetType().Name}."),
        };

    private static Downgrade Finish(Downgrade downgrade, DowngradeStatus status, DateTimeOffset now) =>
        downgrade with { Status = status, FinishedAt = now };
}
