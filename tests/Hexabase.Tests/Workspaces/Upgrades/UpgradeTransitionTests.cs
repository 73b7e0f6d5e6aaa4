using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.Upgrades;

/// <summary>Whatever happens to an upgrade in whatever order, its document keeps to these rules.</summary>
public sealed class UpgradeTransitionTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    private static readonly UpgradeOptions Options = UpgradeOptions.Default;

    private static readonly Workload[] Apps =
    [
        new("web", 3, 3, Placement.SharedPool, RolloutPhase.Done, IsPaused: false, ElsewherePods: 0),
        new("worker", 1, 1, Placement.SharedPool, RolloutPhase.Done, IsPaused: false, ElsewherePods: 0),
    ];

    private static readonly PaymentRefusal No = new("card_declined", null, "No.");

    private static readonly Price Pro = TestPlans.Product.Workspaces.Pro.Price!;

    /// <summary>What may happen. Tickets are named by the upgrade and answers carry its attempt, so those events are made from it.</summary>
    private static readonly Func<Upgrade, UpgradeEvent>[] Events =
    [
        _ => new UpgradeEvent.CustomerKnown("cus"),
        upgrade => new UpgradeEvent.MethodAccepted(upgrade.Payment.Attempt, "pm_kept"),
        upgrade => new UpgradeEvent.MethodNeedsAuthentication(upgrade.Payment.Attempt, "seti", "secret"),
        _ => new UpgradeEvent.PaymentBegun(),
        upgrade => new UpgradeEvent.PaymentNeedsAuthentication(upgrade.Payment.Attempt, "sub", "secret"),
        upgrade => new UpgradeEvent.PaymentProcessing(upgrade.Payment.Attempt, "sub"),
        upgrade => new UpgradeEvent.PaymentRefused(upgrade.Payment.Attempt, No),
        _ => new UpgradeEvent.PaymentTaken("sub", "pi", "in", 4_980, Start.AddMonths(1)),
        _ => new UpgradeEvent.UnpaidEnded("sub", 0),
        _ => new UpgradeEvent.MethodChanged("pm_other"),
        _ => new UpgradeEvent.CancelAsked("why"),
        _ => new UpgradeEvent.Cancelled(),
        _ => new UpgradeEvent.PlanChanged(),
        _ => new UpgradeEvent.NodeAsked(),
        _ => new UpgradeEvent.NodeReady("node-1"),
        _ => new UpgradeEvent.NodeFailed(NodeState.Shortage, "None."),
        _ => new UpgradeEvent.NodeGone(),
        _ => new UpgradeEvent.WorkloadsListed(Apps),
        _ => new UpgradeEvent.MoveBegun("web"),
        _ => new UpgradeEvent.MoveBegun("worker"),
        _ => new UpgradeEvent.MovePaused("web"),
        _ => new UpgradeEvent.MoveResumed("web"),
        _ => new UpgradeEvent.WorkloadMoved("web"),
        _ => new UpgradeEvent.WorkloadMoved("worker"),
        _ => new UpgradeEvent.WorkloadGone("worker"),
        _ => new UpgradeEvent.MoveFailed("web", 1, "Slow.", IsBack: true),
        _ => new UpgradeEvent.MoveFailed("web", 2, "Slow.", IsBack: false),
        _ => new UpgradeEvent.FeaturesEnabled(),
        _ => new UpgradeEvent.Announced(),
        _ => new UpgradeEvent.Troubled("No answer."),
        upgrade => new UpgradeEvent.TicketOpened(upgrade.Ticket?.TicketId ?? ""),
        upgrade => new UpgradeEvent.TicketClosed(upgrade.Ticket?.TicketId ?? ""),
        _ => new UpgradeEvent.SupportRetried(null),
        _ => new UpgradeEvent.SupportPlaced("medium", "osaka", null),
        _ => new UpgradeEvent.SupportAborted(null),
        _ => new UpgradeEvent.FeaturesUndone(),
        _ => new UpgradeEvent.NodeUndone(),
        _ => new UpgradeEvent.PlanUndone(),
        _ => new UpgradeEvent.PaymentUndone("re", 4_980),
    ];

    /// <summary>Random events; every other one is one that moves the upgrade, if there is one, so that it gets somewhere.</summary>
    private static readonly Arbitrary<int[]> Histories = Gen.Choose(0, int.MaxValue - 1).ArrayOf(120).ToArbitrary();

    [Fact]
    public void An_upgrade_never_comes_to_a_state_that_contradicts_itself() => ForAllSteps((_, after, _) => AssertConsistent(after));

    [Fact]
    public void Percent_never_falls_except_on_the_way_back() => ForAllSteps((before, after, _) => Assert.True(
        after.Percent >= before.Percent || after.Status is UpgradeStatus.Compensating or UpgradeStatus.Abandoned));

    [Fact]
    public void A_finished_upgrade_never_changes() => ForAllSteps((before, after, _) => Assert.True(!before.IsFinished() || before == after));

    [Fact]
    public void An_event_that_comes_twice_has_its_effect_once() => ForAllSteps((before, after, happened) =>
    {
        // Apps fail and orders are given more than once by nature; what names its try, ticket or step is the same thing again.
        if (before != after && happened is not (UpgradeEvent.MoveFailed or UpgradeEvent.MethodChanged))
            Assert.IsNotType<Transition<Upgrade>.Moved>(UpgradeTransitions.Apply(after, happened, Options, Start));
    });

    [Fact]
    public void There_is_always_something_next_and_a_wait_always_ends() => ForAllSteps((_, after, _) =>
    {
        var next = UpgradePlan.Next(after, TestPlans.Product, Options, Start);
        Assert.Equal(after.IsFinished(), next.Action == UpgradeAction.Finish);
        Assert.Equal(next.Action is UpgradeAction.AwaitPayment or UpgradeAction.AwaitSupport, next.Until > Start);
    });

    [Fact]
    public void What_was_paid_is_given_back_or_the_upgrade_is_completed() => ForAllSteps((_, after, _) =>
    {
        if (after.IsFinished() && after.Payment.IsPaid)
            Assert.True(after.Status == UpgradeStatus.Completed || after.Payment.RefundedJpy == after.Payment.Jpy);
    });

    [Fact]
    public void Money_that_comes_before_the_end_is_on_record_whatever_was_next() => ForAllSteps((before, after, happened) =>
        Assert.True(happened is not UpgradeEvent.PaymentTaken || before.IsFinished() || after.Payment.IsPaid));

    [Fact]
    public void An_answer_about_another_payment_method_changes_nothing() => ForAllSteps((before, _, happened) =>
    {
        if (happened is UpgradeEvent.PaymentAnswer { Attempt: var attempt } answer)
        {
            var late = UpgradeTransitions.Apply(before, answer with { Attempt = attempt + 1 }, Options, Start);
            Assert.IsNotType<Transition<Upgrade>.Moved>(late);
        }
    });

    [Fact]
    public void Random_histories_reach_every_end()
    {
        var ends = new HashSet<UpgradeStatus>();
        Check(300, choices => ends.Add(Play(choices, (_, _, _) => { }).Status));
        Assert.Superset(new HashSet<UpgradeStatus> { UpgradeStatus.Completed, UpgradeStatus.Cancelled, UpgradeStatus.Abandoned }, ends);
    }

    private static void ForAllSteps(Action<Upgrade, Upgrade, UpgradeEvent> holds) => Check(300, choices => Play(choices, holds));

    private static void Check(int times, Action<int[]> property) =>
        Prop.ForAll(Histories, property).Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    private static Upgrade Play(int[] choices, Action<Upgrade, Upgrade, UpgradeEvent> holds)
    {
        var id = new WorkspaceChangeId(WorkspaceChangeKind.Upgrade, "a0123456789abcdef", "01kf0rdqg0bkj5et8gdxaj6nq8");
        var workspace = new Workspace("w_1", Workspace.FirstName, WorkspaceStatus.Recorded, Start);
        var upgrade = Upgrade.New(id, workspace, "pm_card", Pro, "small", "tokyo", "test", Start);
        foreach (var (i, choice) in choices.Index())
        {
            var possible = Events.Select(make => make(upgrade)).ToArray();
            var moving = possible.Where(e => UpgradeTransitions.Apply(upgrade, e, Options, Start) is Transition<Upgrade>.Moved).ToArray();
            var from = i % 2 == 1 && moving.Length > 0 ? moving : possible;
            var happened = from[choice % from.Length];
            var after = UpgradeTransitions.Apply(upgrade, happened, Options, Start) is Transition<Upgrade>.Moved moved ? moved.Next : upgrade;
            holds(upgrade, after, happened);
            upgrade = after;
        }
        return upgrade;
    }

    private static void AssertConsistent(Upgrade upgrade)
    {
        var states = upgrade.Steps.Select(step => step.State).ToArray();
        var goesForward = upgrade.Status is UpgradeStatus.Running or UpgradeStatus.WaitingForPayment or UpgradeStatus.NeedsSupport;
        Assert.InRange(upgrade.Percent, 0, 100);
        if (goesForward)
        {
            // Done up to somewhere, one under way, nothing begun after it.
            Assert.Single(states, StepState.Running);
            Assert.All(states.TakeWhile(state => state != StepState.Running), state => Assert.Equal(StepState.Done, state));
            Assert.All(states.SkipWhile(state => state != StepState.Running).Skip(1), state => Assert.Equal(StepState.Pending, state));
        }
        Assert.Equal(upgrade.Status == UpgradeStatus.Completed, states.All(state => state == StepState.Done));
        Assert.Equal(upgrade.IsFinished(), upgrade.FinishedAt is not null);
        Assert.True(!upgrade.Payment.IsPaid || upgrade.Status != UpgradeStatus.Cancelled);
        Assert.True(upgrade.Payment.IsPaid || upgrade.Step(UpgradeStepName.Plan).State == StepState.Pending);
        Assert.True(upgrade.Node.State == UpgradeNodeState.Ready || upgrade.Step(UpgradeStepName.Migration).State is StepState.Pending or StepState.Undone);
        Assert.True(upgrade.Status != UpgradeStatus.NeedsSupport || upgrade.Ticket is { Stage: not TicketStage.ToClose });
        Assert.True(upgrade.Status != UpgradeStatus.Abandoned || upgrade.Node.State == UpgradeNodeState.None);
        Assert.True(upgrade.WaitingFor?.ClientSecret is null || upgrade.Status == UpgradeStatus.WaitingForPayment);
    }
}
