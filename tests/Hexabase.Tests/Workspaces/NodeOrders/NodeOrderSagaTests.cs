using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Tests.Workspaces.NodeOrders;

public sealed class NodeOrderSagaTests
{
    private static readonly UpgradeOptions TwoTries = UpgradeOptions.Default with { Node = NodeOptions.Default with { Attempts = 2 } };

    [Fact]
    public async Task A_node_is_paid_for_once_and_becomes_the_workspaces()
    {
        await using var area = await ProArea.New();
        var id = await area.Ordered();
        var order = await area.Finished<NodeOrder>(id);
        Assert.Equal((NodeOrderStatus.Completed, 7_980), (order.Status, order.PaidJpy));
        await AssertHasTheNode(area);
        Assert.Equal(["asked", "payment_taken", "node_asked", "node_ready"], await area.LogOf(id));
        Assert.Equal(["node_added"], await area.Notices());
    }

    [Fact]
    public async Task A_refused_payment_changes_nothing_and_tells_the_reason()
    {
        await using var area = await ProArea.New();
        area.Payments.RefusesAdditions = true;
        var order = await area.Finished<NodeOrder>(await area.Ordered());
        Assert.Equal((NodeOrderStatus.Refused, "card_declined"), (order.Status, order.Failure?.Code));
        await AssertIsAsBefore(area);
        Assert.Equal(["node_payment_refused"], await area.Notices());
    }

    [Fact]
    public async Task After_a_shortage_it_is_tried_again_without_another_charge()
    {
        await using var area = await ProArea.New();
        area.Cluster.Shortage = _ => area.Cluster.NodesMade < 2;
        var order = await area.Finished<NodeOrder>(await area.Ordered());
        Assert.Equal((NodeOrderStatus.Completed, 1), (order.Status, order.FailedTries));
        await AssertHasTheNode(area);
    }

    [Fact]
    public async Task After_a_shortage_at_every_try_all_is_as_before_and_the_payment_given_back_in_full()
    {
        await using var area = await ProArea.New(TwoTries);
        area.Cluster.Shortage = _ => true;
        var id = await area.Ordered();
        var order = await area.Finished<NodeOrder>(id);
        Assert.Equal((NodeOrderStatus.Abandoned, "node_shortage", 7_980), (order.Status, order.Failure?.Code, order.RefundedJpy));
        await AssertIsAsBefore(area);
        Assert.Equal(
            [
                "asked", "payment_taken", "node_asked", "node_failed", "failed_node_removed", "node_asked", "node_failed",
                "undone", "undone", "refunded",
            ],
            await area.LogOf(id));
        Assert.Equal(["node_abandoned"], await area.Notices());
    }

    [Theory]
    [InlineData("DeleteNode")]
    [InlineData("RemoveFromSubscription")]
    [InlineData("RefundInFull")]
    public async Task Each_step_of_the_way_back_is_tried_until_it_is_done(string call)
    {
        await using var area = await ProArea.New(TwoTries);
        area.Cluster.Shortage = _ => true;
        var until = area.Host.Clock.GetUtcNow().AddDays(1);
        void Fail(string called)
        {
            if (called == call && area.Host.Clock.GetUtcNow() < until)
                throw new DependencyUnavailableException("It does not answer.");
        }
        (area.Payments.Before, area.Cluster.Before) = (Fail, Fail);
        Assert.Equal(NodeOrderStatus.Abandoned, (await area.Finished<NodeOrder>(await area.Ordered())).Status);
        await AssertIsAsBefore(area);
    }

    [Fact]
    public async Task A_payment_that_nothing_is_heard_of_for_two_days_is_taken_once()
    {
        await using var area = await ProArea.New();
        var until = area.Host.Clock.GetUtcNow().AddDays(2);
        area.Payments.After = call =>
        {
            if (call == "AddToSubscription" && area.Host.Clock.GetUtcNow() < until)
                throw new DependencyUnavailableException("The answer was lost.");
        };
        var id = await area.Ordered();
        await area.Host.Advance(TimeSpan.FromDays(1));
        Assert.NotNull((await area.Read<NodeOrder>(id)).Obstacle);
        await area.Finished<NodeOrder>(id);
        await AssertHasTheNode(area);
    }

    [Fact]
    public async Task After_a_crash_at_any_point_there_is_one_charge_and_one_node()
    {
        var work = 0;
        for (int? crashAt = null; crashAt is null || crashAt < work; crashAt = crashAt + 1 ?? 0)
        {
            await using var area = await ProArea.New();
            area.Host.CrashAt = crashAt;
            await area.Finished<NodeOrder>(await area.Ordered());
            await AssertHasTheNode(area);
            Assert.Equal(["node medium in osaka"], area.Cluster.Effects);
            Assert.Equal(["node_added"], await area.Notices());
            work = Math.Max(work, area.Host.Worked);
        }
    }

    [Fact]
    public async Task After_a_crash_at_any_point_of_the_way_back_everything_is_taken_back_once()
    {
        var work = 0;
        for (int? crashAt = null; crashAt is null || crashAt < work; crashAt = crashAt + 1 ?? 0)
        {
            await using var area = await ProArea.New(TwoTries);
            area.Cluster.Shortage = _ => true;
            area.Host.CrashAt = crashAt;
            await area.Finished<NodeOrder>(await area.Ordered());
            await AssertIsAsBefore(area);
            Assert.Equal(["node_abandoned"], await area.Notices());
            work = Math.Max(work, area.Host.Worked);
        }
    }

    [Fact]
    public async Task An_order_on_a_subscription_that_is_over_is_refused()
    {
        await using var area = await ProArea.New();
        area.Subscription.Status = FakeSubscriptionStatus.Ended;
        var order = await area.Finished<NodeOrder>(await area.Ordered());
        Assert.Equal((NodeOrderStatus.Refused, "subscription_ended"), (order.Status, order.Failure?.Code));
        Assert.Null((await area.ReadWorkspace()).RunningChange);
    }

    [Fact]
    public async Task What_the_payment_provider_does_not_take_becomes_a_ticket_until_it_does()
    {
        await using var area = await ProArea.New();
        area.Payments.Before = Refuse("AddToSubscription", new PaymentsException("No such price."));
        var id = await area.Ordered();
        await area.Host.Advance(TimeSpan.FromHours(1));
        var ticket = Assert.Single(await area.Tickets());
        Assert.Equal((id.ToString(), "No such price.", "paying"), (ticket.ChangeId, ticket.Question, ticket.Facts["status"]));
        Assert.DoesNotContain("price", (await area.Read<NodeOrder>(id)).Obstacle, StringComparison.Ordinal);

        area.Payments.Before = _ => { };
        await area.Finished<NodeOrder>(id);
        await AssertHasTheNode(area);
        Assert.Empty(await area.Tickets());
    }

    [Fact]
    public async Task A_node_that_the_cluster_refuses_is_given_up_and_paid_back()
    {
        await using var area = await ProArea.New();
        area.Cluster.Before = Refuse("ApplyNode", new ClusterException("Forbidden", "No."));
        var order = await area.Finished<NodeOrder>(await area.Ordered());
        Assert.Equal((NodeOrderStatus.Abandoned, "node_failed", 7_980), (order.Status, order.Failure?.Code, order.RefundedJpy));
        await AssertIsAsBefore(area);
    }

    [Fact]
    public async Task A_failed_node_that_the_cluster_does_not_remove_becomes_a_ticket_until_it_does()
    {
        await using var area = await ProArea.New(TwoTries);
        area.Cluster.Shortage = _ => true;
        area.Cluster.Before = Refuse("DeleteNode", new ClusterException("Forbidden", "No."));
        var id = await area.Ordered();
        await area.Host.Advance(TimeSpan.FromHours(3));
        Assert.Equal("compensating", Assert.Single(await area.Tickets()).Facts["status"]);

        area.Cluster.Before = _ => { };
        await area.Finished<NodeOrder>(id);
        await AssertIsAsBefore(area);
        Assert.Empty(await area.Tickets());
    }

    private static Action<string> Refuse(string call, Exception refusal) => called =>
    {
        if (called == call)
            throw refusal;
    };

    private static async Task AssertHasTheNode(ProArea area)
    {
        var workspace = await area.ReadWorkspace();
        Assert.Null(workspace.RunningChange);
        var added = Assert.Single(workspace.Nodes!, node => !node.Included);
        Assert.Equal(("medium", "osaka", 7_980), (added.Size, added.Region, added.Price?.Jpy));
        Assert.Equal(2, area.Cluster.Nodes.Count);
        Assert.Equal(["workspace_node_medium_m_jpy"], area.Subscription.Additions);
        Assert.Equal(4_980 + 7_980, area.Payments.Balance);
    }

    private static async Task AssertIsAsBefore(ProArea area)
    {
        var workspace = await area.ReadWorkspace();
        Assert.Equal((WorkspacePlanName.Pro, null), (workspace.Plan, workspace.RunningChange));
        Assert.Equal("node-1", Assert.Single(workspace.Nodes!).Name);
        Assert.Equal("node-1", Assert.Single(area.Cluster.Nodes).Name);
        Assert.Empty(area.Subscription.Additions);
        Assert.Equal(4_980, area.Payments.Balance);
    }
}
