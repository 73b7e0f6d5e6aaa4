using System.Globalization;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Migration;
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
    /// <param name="Nodes">The workspace's dedicated nodes.</param>
    public sealed record Begun(IReadOnlyList<LimitedUse> OverLimits, IReadOnlyList<string> Nodes) : DowngradeEvent;

    /// <summary>Something could not be done now.</summary>
    /// <param name="Detail">What has failed, for operators only.</param>
    public sealed record Held(string Obstacle, string Detail, DateTimeOffset Until) : DowngradeEvent;

    /// <summary>The apps that are not on the shared pool; those that are known already stay as they are.</summary>
    public sealed record WorkloadsListed(IReadOnlyList<WorkloadMove> Moves) : DowngradeEvent;

    /// <summary>An app runs on the shared pool, or is gone.</summary>
    public sealed record WorkloadMoved(string Workload) : DowngradeEvent;

    /// <summary>An app could not be moved: at the next try the others come first.</summary>
    public sealed record MoveFailed(string Workload, string Reason, DateTimeOffset Until) : DowngradeEvent;

    public sealed record StepTaken(DowngradeStep Step) : DowngradeEvent;

    /// <summary>The workspace is on plan hobby.</summary>
    public sealed record Completed : DowngradeEvent;
}

/// <summary>The only way a downgrade moves.</summary>
public static class DowngradeTransitions
{
    public static Transition<Downgrade> Apply(Downgrade downgrade, DowngradeEvent happened, DateTimeOffset now) =>
        (downgrade.Status, happened) switch
        {
            (DowngradeStatus.Waiting or DowngradeStatus.Withdrawing, DowngradeEvent.EndScheduled e) when downgrade.EndsAt == e.EndsAt =>
                new Repeated(),

            // The owner may take it back while the provider is being asked.
            (DowngradeStatus.Waiting or DowngradeStatus.Withdrawing, DowngradeEvent.EndScheduled e) => new Moved(
                downgrade.GoesOn() with { EndsAt = e.EndsAt },
                "end_scheduled",
                string.Create(CultureInfo.InvariantCulture, $"{e.EndsAt.UtcDateTime:u}")),

            (DowngradeStatus.Waiting, DowngradeEvent.WithdrawalAsked) =>
                new Moved(
                    downgrade with { Status = DowngradeStatus.Withdrawing, Obstacle = null, HeldUntil = null }, "withdrawal_asked"),
            (DowngradeStatus.Withdrawing or DowngradeStatus.Withdrawn, DowngradeEvent.WithdrawalAsked) => new Repeated(),

            (DowngradeStatus.Withdrawing, DowngradeEvent.SubscriptionKept) =>
                new Moved(Finish(downgrade, DowngradeStatus.Withdrawn, now), "withdrawn"),
            (DowngradeStatus.Withdrawn, DowngradeEvent.SubscriptionKept) => new Repeated(),

            (DowngradeStatus.Withdrawing, DowngradeEvent.WithdrawnTooLate) =>
                new Moved(downgrade.GoesOn() with { Status = DowngradeStatus.Waiting, EndsAt = now }, "withdrawn_too_late"),

            (DowngradeStatus.Waiting, DowngradeEvent.Begun e) => new Moved(
                downgrade.GoesOn() with { Status = DowngradeStatus.Running, BegunAt = now, OverLimits = e.OverLimits, Nodes = e.Nodes },
                "begun", LimitedUse.Tell(e.OverLimits)),
            (DowngradeStatus.Running or DowngradeStatus.Completed, DowngradeEvent.Begun) => new Repeated(),

            (DowngradeStatus.Running, DowngradeEvent.WorkloadsListed e) when downgrade.NextStep() == DowngradeStep.WorkloadsMoved =>
                List(downgrade, e.Moves),
            (DowngradeStatus.Running, DowngradeEvent.WorkloadMoved e) => WorkloadMoved(downgrade, e),
            (DowngradeStatus.Running, DowngradeEvent.MoveFailed e) => MoveFailed(downgrade, e),

            (DowngradeStatus.Running or DowngradeStatus.Completed, DowngradeEvent.StepTaken e) when downgrade.HasDone(e.Step) =>
                new Repeated(),
            (DowngradeStatus.Running, DowngradeEvent.StepTaken { Step: DowngradeStep.WorkloadsMoved })
                when downgrade.Moves is { Count: > 0 } => new Refused("Apps are still to be moved."),
            (DowngradeStatus.Running, DowngradeEvent.StepTaken e) when e.Step == downgrade.NextStep() =>
                new Moved(downgrade.GoesOn() with { Done = [.. downgrade.Done ?? [], e.Step] }, "step_taken", e.Step.ToString()),

            (DowngradeStatus.Running, DowngradeEvent.Completed) when downgrade.NextStep() is null =>
                new Moved(Finish(downgrade, DowngradeStatus.Completed, now), "completed"),
            (DowngradeStatus.Completed, DowngradeEvent.Completed) => new Repeated(),

            (_, DowngradeEvent.Held) when downgrade.IsFinished() => new Repeated(),
            (_, DowngradeEvent.Held e) => Hold(downgrade, e.Obstacle, e.Until),

            _ => new Refused($"A downgrade that is {downgrade.Status} cannot be told {happened.GetType().Name}."),
        };

    private static Downgrade Finish(Downgrade downgrade, DowngradeStatus status, DateTimeOffset now) =>
        downgrade.GoesOn() with { Status = status, FinishedAt = now };

    private static Transition<Downgrade> Hold(Downgrade downgrade, string obstacle, DateTimeOffset until) => downgrade.HeldUntil >= until
        ? new Repeated()
        : new Moved(
            downgrade with { Obstacle = obstacle, HeldUntil = until, TimesHeld = downgrade.TimesHeld + 1 }, "held", obstacle);

    private static Transition<Downgrade> WorkloadMoved(Downgrade downgrade, DowngradeEvent.WorkloadMoved moved) =>
        downgrade.Moves?.FirstOrDefault(move => move.Workload == moved.Workload) is { } done
            ? new Moved(
                downgrade with { Moves = [.. downgrade.Moves.Where(move => move != done)], Obstacle = null, HeldUntil = null },
                "workload_moved",
                moved.Workload)
            : new Repeated();

    private static Transition<Downgrade> MoveFailed(Downgrade downgrade, DowngradeEvent.MoveFailed failed) =>
        downgrade.Moves?.FirstOrDefault(move => move.Workload == failed.Workload) is { } last
            ? Hold(
                downgrade with { Moves = [.. downgrade.Moves.Where(move => move != last), last] },
                $"{failed.Workload}: {failed.Reason}",
                failed.Until)
            : new Repeated();

    private static Transition<Downgrade> List(Downgrade downgrade, IReadOnlyList<WorkloadMove> listed)
    {
        var known = downgrade.Moves ?? [];
        WorkloadMove[] added = [.. listed.Where(move => known.All(earlier => earlier.Workload != move.Workload))];
        return added.Length == 0
            ? new Repeated()
            : new Moved(
                downgrade with { Moves = [.. known, .. added] },
                "workloads_listed",
                string.Join(", ", added.Select(move => move.Workload)));
    }
}
