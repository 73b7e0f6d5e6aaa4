using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.Migration;

namespace Hexabase.Tests.Workspaces.Downgrades;

public sealed class DowngradeTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset PeriodEnd = Now + TimeSpan.FromDays(20);
    private static readonly LimitedUse TooManyCronJobs = new(WorkspaceResource.CronJobs, 12, 10);

    private static readonly Downgrade Asked = new(
        WorkspaceChangeId.New(WorkspaceChangeKind.Downgrade, Ids.NewAccount(), Now).ToString(),
        "w_1", "ws-1", DowngradeStatus.Waiting, "sub_1", [], Now, "test");

    [Fact]
    public void It_waits_for_the_end_of_the_period_that_the_provider_tells()
    {
        var waiting = After(new DowngradeEvent.EndScheduled(PeriodEnd));
        Assert.Equal((DowngradeStatus.Waiting, PeriodEnd), (waiting.Status, waiting.EndsAt));
    }

    [Fact]
    public void Taken_back_in_time_it_is_withdrawn_once_the_subscription_goes_on()
    {
        Assert.Equal(DowngradeStatus.Withdrawing, After(new DowngradeEvent.WithdrawalAsked()).Status);
        var withdrawn = After(new DowngradeEvent.WithdrawalAsked(), new DowngradeEvent.SubscriptionKept());
        Assert.Equal((DowngradeStatus.Withdrawn, Now), (withdrawn.Status, withdrawn.FinishedAt));
    }

    [Fact]
    public void Taken_back_when_the_subscription_is_over_it_goes_on_at_once()
    {
        var late = After(
            new DowngradeEvent.EndScheduled(PeriodEnd), new DowngradeEvent.WithdrawalAsked(), new DowngradeEvent.WithdrawnTooLate());
        Assert.Equal((DowngradeStatus.Waiting, Now), (late.Status, late.EndsAt));
    }

    [Fact]
    public void What_is_over_the_limits_is_told_again_when_it_begins() =>
        Assert.Equal([TooManyCronJobs], After(new DowngradeEvent.Begun([TooManyCronJobs], ["node-1"])).OverLimits);

    [Fact]
    public void A_downgrade_that_has_begun_cannot_be_taken_back() =>
        Assert.IsType<Transition<Downgrade>.Refused>(
            DowngradeTransitions.Apply(After(new DowngradeEvent.Begun([], [])), new DowngradeEvent.WithdrawalAsked(), Now));

    [Fact]
    public void Steps_are_taken_in_their_order() =>
        Assert.IsType<Transition<Downgrade>.Refused>(DowngradeTransitions.Apply(
            After(new DowngradeEvent.Begun([], [])), new DowngradeEvent.StepTaken(DowngradeStep.NodesRemoved), Now));

    [Fact]
    public void It_is_completed_only_after_every_step() =>
        Assert.IsType<Transition<Downgrade>.Refused>(DowngradeTransitions.Apply(
            After(new DowngradeEvent.Begun([], []), new DowngradeEvent.StepTaken(DowngradeStep.WorkloadsMoved)),
            new DowngradeEvent.Completed(),
            Now));

    [Fact]
    public void Its_apps_count_as_moved_only_when_none_is_left()
    {
        var listed = After(new DowngradeEvent.Begun([], []), new DowngradeEvent.WorkloadsListed([App("shop"), App("blog")]));
        var left = Apply(listed, new DowngradeEvent.WorkloadMoved("shop"));
        Assert.Equal([App("blog")], left.Moves);
        Assert.Null(Apply(left, new DowngradeEvent.StepTaken(DowngradeStep.WorkloadsMoved)).Done);
    }

    [Fact]
    public void An_app_that_is_listed_again_in_the_middle_of_its_move_is_known_as_it_was_before()
    {
        var listed = After(new DowngradeEvent.Begun([], []), new DowngradeEvent.WorkloadsListed([App("shop")]));
        Assert.Equal([App("shop")], Apply(listed, new DowngradeEvent.WorkloadsListed([App("shop") with { WasSingle = false }])).Moves);
    }

    [Fact]
    public void What_held_it_up_is_over_with_the_next_step()
    {
        var held = After(new DowngradeEvent.Begun([], []), new DowngradeEvent.Held("x", "y", Now));
        Assert.Equal("x", held.Obstacle);
        Assert.Null(Apply(held, new DowngradeEvent.StepTaken(DowngradeStep.WorkloadsMoved)).Obstacle);
    }

    [Fact]
    public void An_event_that_happened_has_no_second_effect() => Prop.ForAll(Histories, events =>
    {
        var downgrade = Asked;
        foreach (var happened in events)
        {
            downgrade = Apply(downgrade, happened);
            Assert.IsNotType<Transition<Downgrade>.Moved>(DowngradeTransitions.Apply(downgrade, happened, Now));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_finished_never_changes() => Prop.ForAll(Histories, events =>
    {
        var downgrade = Asked;
        foreach (var happened in events)
        {
            var next = Apply(downgrade, happened);
            Assert.True(!downgrade.IsFinished() || next == downgrade);
            downgrade = next;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Steps_are_never_lost_and_stand_in_their_order() => Prop.ForAll(Histories, events =>
    {
        var done = 0;
        foreach (var downgrade in States(events))
        {
            Assert.True((downgrade.Done?.Count ?? 0) >= done);
            done = downgrade.Done?.Count ?? 0;
            Assert.Equal(Enum.GetValues<DowngradeStep>().Take(done), downgrade.Done ?? []);
            Assert.True(done == 0 || downgrade.BegunAt is not null);
        }
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<DowngradeEvent[]> Histories => Gen.OneOf(
        Gen.Choose(0, 3).Select(days => (DowngradeEvent)new DowngradeEvent.EndScheduled(Now.AddDays(days))),
        Gen.Elements<DowngradeEvent>(
            new DowngradeEvent.WithdrawalAsked(),
            new DowngradeEvent.SubscriptionKept(),
            new DowngradeEvent.WithdrawnTooLate(),
            new DowngradeEvent.Begun([TooManyCronJobs], ["node-1"]),
            new DowngradeEvent.Held("x", "y", Now),
            new DowngradeEvent.WorkloadsListed([App("shop")]),
            new DowngradeEvent.WorkloadMoved("shop"),
            new DowngradeEvent.MoveFailed("shop", "x", Now),
            new DowngradeEvent.Completed()),
        Gen.Elements(Enum.GetValues<DowngradeStep>()).Select(step => (DowngradeEvent)new DowngradeEvent.StepTaken(step)))
        .ArrayOf(40).ToArbitrary();

    private static WorkloadMove App(string name) => new(name, Placement.SharedPool, WasSingle: true);

    private static Downgrade After(params DowngradeEvent[] events) => States(events).LastOrDefault(Asked);

    private static IEnumerable<Downgrade> States(DowngradeEvent[] events)
    {
        var downgrade = Asked;
        foreach (var happened in events)
            yield return downgrade = Apply(downgrade, happened);
    }

    private static Downgrade Apply(Downgrade downgrade, DowngradeEvent happened) =>
        DowngradeTransitions.Apply(downgrade, happened, Now) is Transition<Downgrade>.Moved moved ? moved.Next : downgrade;
}
