using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.NodeOrders;

public sealed class NodeOrderTransitionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly NodeOrderFailure Failure = new("card_declined", "Your card was declined.");
    private static readonly NodeOptions Options = NodeOptions.Default with { Attempts = 3 };
    private static readonly NodeOrderEvent Removed = new NodeOrderEvent.FailedNodeRemoved();
    private static readonly NodeOrderEvent Paid = new NodeOrderEvent.PaymentTaken("pi_1", 2_000);
    private static readonly NodeOrderEvent NodeAsked = new NodeOrderEvent.NodeAsked();
    private static readonly NodeOrderEvent[] GivenUp =
        [Paid, NodeAsked, Failed(1), Removed, NodeAsked, Failed(2), Removed, NodeAsked, Failed(3)];

    private static readonly NodeOrder Asked = new(
        WorkspaceChangeId.New(WorkspaceChangeKind.NodeOrder, Ids.NewAccount(), Now).ToString(),
        "w_1", "ws-1", NodeOrderStatus.Paying, "node-1", OrderedNodeState.None, "small", "tokyo",
        TestPlans.Product.Workspaces.NodeSizes["small"].Price, "sub_1", Now, "test");

    [Fact]
    public void A_refused_payment_ends_it_with_the_reason()
    {
        var refused = After(new NodeOrderEvent.PaymentRefused(Failure));
        Assert.Equal((NodeOrderStatus.Refused, Failure, Now), (refused.Status, refused.Failure, refused.FinishedAt));
    }

    [Fact]
    public void A_paid_order_is_complete_with_its_node()
    {
        var completed = After(Paid, NodeAsked, new NodeOrderEvent.NodeReady());
        Assert.Equal((NodeOrderStatus.Completed, 2_000, "pi_1"), (completed.Status, completed.PaidJpy, completed.PaymentId));
    }

    [Fact]
    public void A_failed_try_is_cleared_away_and_followed_by_another_after_growing_waits()
    {
        var first = After(GivenUp[..3]);
        Assert.Equal(
            (NodeOrderStatus.Provisioning, OrderedNodeState.Failed, Now + Options.DelayAfter(1)),
            (first.Status, first.NodeState, first.RetryAt));
        Assert.Equal(OrderedNodeState.None, After(GivenUp[..4]).NodeState);
        Assert.Equal(Now + Options.DelayAfter(2), After(GivenUp[..6]).RetryAt);
    }

    [Fact]
    public void After_the_last_try_it_is_abandoned_only_when_node_subscription_and_money_are_taken_back()
    {
        NodeOrderEvent[] all =
            [.. GivenUp, Undone(NodeOrderUndo.NodeRemoved), Undone(NodeOrderUndo.TakenOff), Undone(NodeOrderUndo.Refunded, 2_000)];
        Assert.Equal(
            [.. Enumerable.Repeat(NodeOrderStatus.Compensating, 3), NodeOrderStatus.Abandoned],
            States(all).Skip(GivenUp.Length - 1).Select(order => order.Status));
        Assert.Equal(2_000, After(all).RefundedJpy);
    }

    [Theory]
    [InlineData(NodeOrder.MostHolds - 1, NodeOrderStatus.Provisioning)]
    [InlineData(NodeOrder.MostHolds, NodeOrderStatus.Compensating)]
    public void A_paid_order_does_not_wait_for_its_node_for_ever(int holds, NodeOrderStatus status) =>
        Assert.Equal(status, After([Paid, NodeAsked, .. Holds(holds)]).Status);

    [Fact]
    public void Payment_and_the_way_back_are_tried_for_ever_and_become_supports()
    {
        Assert.True(After(Holds(NodeOrder.MostHolds)) is { Status: NodeOrderStatus.Paying } paying && paying.NeedsSupport());
        Assert.True(After([.. GivenUp, .. Holds(NodeOrder.MostHolds)]) is { Status: NodeOrderStatus.Compensating } back && back.NeedsSupport());
    }

    [Fact]
    public void A_node_is_not_added_to_an_order_that_was_given_up() =>
        Assert.IsType<Transition<NodeOrder>.Refused>(
            NodeOrderTransitions.Apply(After(GivenUp), new NodeOrderEvent.NodeReady(), Options, Now));

    [Fact]
    public void Nothing_is_undone_of_an_order_that_succeeds() =>
        Assert.IsType<Transition<NodeOrder>.Refused>(
            NodeOrderTransitions.Apply(
                After(Paid, NodeAsked, new NodeOrderEvent.NodeReady()), Undone(NodeOrderUndo.NodeRemoved), Options, Now));

    [Fact]
    public void An_event_that_happened_has_no_second_effect() => Prop.ForAll(Histories, events =>
    {
        var order = Asked;
        foreach (var happened in events)
        {
            order = Apply(order, happened);
            Assert.IsNotType<Transition<NodeOrder>.Moved>(NodeOrderTransitions.Apply(order, happened, Options, Now));
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_finished_never_changes() => Prop.ForAll(Histories, events =>
    {
        var order = Asked;
        foreach (var happened in events)
        {
            var next = Apply(order, happened);
            Assert.True(!order.IsFinished() || next == order);
            order = next;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Money_is_given_back_only_of_an_order_that_was_paid_and_given_up() => Prop.ForAll(Histories, events =>
        Assert.All(States(events), order => Assert.True(order.RefundedJpy is null || order is { PaidJpy: not null, Failure: not null })))
        .QuickCheckThrowOnFailure();

    private static Arbitrary<NodeOrderEvent[]> Histories => Gen.OneOf(
        Gen.Elements(
            Paid, new NodeOrderEvent.PaymentRefused(Failure), NodeAsked, new NodeOrderEvent.NodeReady(), Removed,
            new NodeOrderEvent.Held("x", "y", Now)),
        Gen.Choose(1, 4).Select(n => (NodeOrderEvent)Failed(n)),
        Gen.Elements(Enum.GetValues<NodeOrderUndo>())
            .Select(step => (NodeOrderEvent)Undone(step, step == NodeOrderUndo.Refunded ? 2_000 : null))).ArrayOf(30).ToArbitrary();

    private static NodeOrderEvent[] Holds(int times) =>
        [.. Enumerable.Range(0, times).Select(n => new NodeOrderEvent.Held("x", "y", Now.AddMinutes(n)))];

    private static NodeOrderEvent.NodeFailed Failed(int n) => new(n, Failure);

    private static NodeOrderEvent.Undone Undone(NodeOrderUndo step, long? jpy = null) => new(step, jpy);

    private static NodeOrder After(params NodeOrderEvent[] events) => States(events).LastOrDefault(Asked);

    private static IEnumerable<NodeOrder> States(NodeOrderEvent[] events)
    {
        var order = Asked;
        foreach (var happened in events)
            yield return order = Apply(order, happened);
    }

    private static NodeOrder Apply(NodeOrder order, NodeOrderEvent happened) =>
        NodeOrderTransitions.Apply(order, happened, Options, Now) is Transition<NodeOrder>.Moved moved ? moved.Next : order;
}
