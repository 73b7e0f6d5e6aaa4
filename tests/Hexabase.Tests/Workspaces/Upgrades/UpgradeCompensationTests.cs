using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.Upgrades;

/// <summary>The compensation of every step, by failing the next one and having support give up (product rule 14).</summary>
public sealed class UpgradeCompensationTests
{
    [Fact]
    public async Task When_the_payment_fails_for_a_technical_reason_nothing_is_left_of_the_payment_method()
    {
        await using var area = await UpgradeArea.New();
        area.Payments.Before = FailAt(nameof(IPayments.Subscribe), new PaymentsException("No such price."));
        await AssertTakenBack(area, await GivenUp(area), charges: 0);
    }

    [Fact]
    public async Task When_there_is_no_node_payment_and_plan_are_taken_back()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        await AssertTakenBack(area, await GivenUp(area), charges: 1);
    }

    [Fact]
    public async Task When_the_workspace_cannot_be_set_up_payment_and_plan_are_taken_back()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Before = FailAt(nameof(ICluster.ApplyWorkspace), new ClusterException("Forbidden", "No."), times: 1);
        await AssertTakenBack(area, await GivenUp(area), charges: 1);
    }

    [Fact]
    public async Task When_an_app_cannot_be_moved_the_node_is_taken_back_too()
    {
        await using var area = await UpgradeArea.New();
        area.Worker.FailsToMove = true;
        var id = await GivenUp(area);
        await AssertTakenBack(area, id, charges: 1);
        Assert.Contains("web to SharedPool", area.Cluster.Effects);
    }

    [Fact]
    public async Task When_backups_cannot_be_switched_on_the_apps_are_taken_back_too()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Before = FailAt(nameof(ICluster.ApplyBackups), new ClusterException("Forbidden", "No."));
        var id = await GivenUp(area);
        await AssertTakenBack(area, id, charges: 1);
        Assert.Equal(
            ["worker has 2", "worker to SharedPool", "worker has 1", "web to SharedPool", "node removed", "workspace 10 GB standard, 1000 m"],
            area.Cluster.Effects[^6..]);
    }

    [Fact]
    public async Task When_the_last_step_fails_the_features_are_taken_back_too()
    {
        await using var area = await UpgradeArea.New(announces: false);
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        Assert.Equal(7, area.Cluster.BackupDays);
        (await area.Resolve(id, SupportAction.Abort)).Value();
        await AssertTakenBack(area, id, charges: 1);
    }

    [Fact]
    public async Task A_step_of_the_way_back_that_fails_is_a_ticket_and_tried_again_until_it_is_done()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        area.Payments.Before = FailAt(nameof(IPayments.RefundInFull), new PaymentsException("The balance does not suffice."));
        (await area.Resolve(id, SupportAction.Abort)).Value();

        var waiting = await area.Until(id, upgrade => upgrade.WaitingFor?.Kind == WaitingKind.UndoRetry);
        await area.Host.Work();
        Assert.Equal(UpgradeStatus.Compensating, waiting.Status);
        var ticket = Assert.Single(await area.Tickets());
        Assert.Equal(("payment", "compensating"), (ticket.Facts["step"], ticket.Facts["status"]));
        Assert.Contains("does not suffice", ticket.Question, StringComparison.Ordinal);
        Assert.DoesNotContain("suffice", waiting.WaitingFor!.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(await area.Log(), line => line.Detail?.Contains("suffice", StringComparison.Ordinal) == true);
        await area.Host.Advance(TimeSpan.FromHours(1));
        Assert.Equal(UpgradeStatus.Compensating, (await area.Read(id)).Status);

        area.Payments.Before = _ => { };
        await AssertTakenBack(area, id, charges: 1);
    }

    [Fact]
    public async Task A_failed_node_that_cannot_be_removed_is_tried_again_after_a_while_and_removed_when_it_can_be()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        var tries = 0;
        area.Cluster.Before = call =>
        {
            if (call != nameof(ICluster.DeleteNode))
                return;
            tries++;
            throw new ClusterException("Forbidden", "No.");
        };
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        await area.Host.Advance(TimeSpan.FromHours(2));
        Assert.InRange(tries, 2, 20);

        area.Cluster.Before = _ => { };
        await area.Host.Advance(UpgradeOptions.Default.UndoRetryAfter);
        Assert.Empty(area.Cluster.Nodes);
        (await area.Resolve(id, SupportAction.Abort)).Value();
        await AssertTakenBack(area, id, charges: 1);
    }

    [Fact]
    public async Task A_try_of_a_node_that_was_left_behind_brings_back_nothing_after_it_was_given_up()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        var id = await area.Started();
        var asked = await area.Until(id, upgrade => upgrade.Node.State == UpgradeNodeState.Asked);
        var node = area.Get<UpgradeJournal>().Next(asked).Node!;
        Assert.True(await area.Get<WantedNodes>().Includes(id.ToString(), node, default));
        Assert.False(await area.Get<WantedNodes>().Includes(id.ToString(), node with { Region = "osaka" }, default));
        await area.Until(id, UpgradeStatus.NeedsSupport);
        Assert.False(await area.Get<WantedNodes>().Includes(id.ToString(), node, default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_crash_at_any_point_of_the_way_back_gives_the_money_back_once(int part)
    {
        const int Parts = 4;
        for (var crash = part; ; crash += Parts)
        {
            await using var area = await UpgradeArea.New();
            area.Cluster.Before = FailAt(nameof(ICluster.ApplyBackups), new ClusterException("Forbidden", "No."));
            var id = await area.Started();
            await area.Until(id, UpgradeStatus.NeedsSupport);
            area.Host.CrashAt = area.Host.Worked + crash;
            (await area.Resolve(id, SupportAction.Abort)).Value();
            await AssertTakenBack(area, id, charges: 1);
            if (area.Host.Worked <= area.Host.CrashAt)
                return;
        }
    }

    [Fact]
    public async Task An_outage_that_ends_is_only_waited_for()
    {
        await using var area = await UpgradeArea.New();
        var until = area.Host.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        area.Payments.Before = area.Cluster.Before = _ =>
        {
            if (area.Host.Clock.GetUtcNow() < until)
                throw new DependencyUnavailableException("No answer.");
        };
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(await area.Started())).Status);
        Assert.Equal(1, area.Payments.Charges);
    }

    [Fact]
    public async Task A_charge_of_which_nothing_was_heard_is_not_made_twice_when_support_has_it_tried_again()
    {
        await using var area = await UpgradeArea.New();
        area.Payments.After = FailAt(nameof(IPayments.Subscribe), new DependencyUnavailableException("No answer."));
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        area.Payments.After = _ => { };
        await area.Host.Advance(TimeSpan.FromDays(3));
        (await area.Resolve(id, SupportAction.Retry)).Value();
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
        Assert.Equal(1, area.Payments.Charges);
    }

    [Fact]
    public async Task A_charge_of_which_nothing_was_heard_is_given_back_when_support_gives_up()
    {
        await using var area = await UpgradeArea.New();
        area.Payments.After = FailAt(nameof(IPayments.Subscribe), new DependencyUnavailableException("No answer."));
        var id = await GivenUp(area);
        area.Payments.After = _ => { };
        await AssertTakenBack(area, id, charges: 1);
    }

    [Fact]
    public async Task Nothing_is_charged_in_order_to_find_out_whether_it_was()
    {
        await using var area = await UpgradeArea.New();
        area.Payments.Before = FailAt(nameof(IPayments.Subscribe), new DependencyUnavailableException("No answer."));
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        area.Payments.Before = _ => { };
        (await area.Resolve(id, SupportAction.Abort)).Value();
        await AssertTakenBack(area, id, charges: 0);
    }

    [Fact]
    public async Task Money_that_comes_by_a_card_that_was_given_up_while_the_upgrade_is_taken_back_is_given_back()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        area.Payments.Before = FailAt(nameof(IPayments.EndNow), new PaymentsException("No."));
        var other = new ChangePaymentMethod(id.ToString(), area.AccountId, FakePayments.GoodCard);
        (await area.Get<AnswerPaymentHandler>().Handle(other, default)).Value();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        area.Payments.Before = _ => { };
        area.Payments.Authenticate();
        (await area.Resolve(id, SupportAction.Abort)).Value();
        await AssertTakenBack(area, id, charges: 1);
    }

    [Fact]
    public async Task Every_month_that_was_paid_until_support_gave_up_is_given_back()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        Assert.Single(area.Payments.Subscriptions.Values).Renew();
        Assert.Equal(2 * 4_980, area.Payments.Balance);
        (await area.Resolve(id, SupportAction.Abort)).Value();
        await AssertTakenBack(area, id, charges: 1);
        Assert.Equal(2 * 4_980, (await area.Read(id)).Payment.RefundedJpy);
    }

    private static async Task<WorkspaceChangeId> GivenUp(UpgradeArea area)
    {
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        (await area.Resolve(id, SupportAction.Abort)).Value();
        return id;
    }

    private static async Task AssertTakenBack(UpgradeArea area, WorkspaceChangeId id, int charges)
    {
        var upgrade = await area.Finished(id);
        Assert.Equal(UpgradeStatus.Abandoned, upgrade.Status);
        Assert.Equal((charges, 0), (area.Payments.Charges, area.Payments.Balance));
        Assert.All(area.Payments.Subscriptions.Values, subscription => Assert.Equal(FakeSubscriptionStatus.Ended, subscription.Status));
        Assert.Empty(area.Cluster.Nodes);
        Assert.Null(area.Cluster.BackupDays);
        Assert.All([area.Web, area.Worker], app => Assert.Equal(Placement.SharedPool, app.Placement));
        Assert.Equal((3, 1), (area.Web.Replicas, area.Worker.Replicas));
        if (area.Cluster.Setup is { } setup)
            Assert.Equal((10, "standard", 1000), (setup.StorageGb, setup.StorageClass, setup.CpuMillis));
        var workspace = await area.ReadWorkspace();
        Assert.Equal(
            (WorkspacePlanName.Hobby, null, null, null), (workspace.Plan, workspace.Features, workspace.SubscriptionId, workspace.RunningChange));
        Assert.Empty(workspace.Nodes ?? []);
        Assert.Empty(await area.Tickets());
        Assert.Equal(["upgrade_abandoned"], (await area.Told()).Where(kind => kind is not ("upgrade_needs_you" or "upgrade_held")));
    }

    private static Action<string> FailAt(string call, Exception failure, int times = int.MaxValue) => name =>
    {
        if (name == call && times-- > 0)
            throw failure;
    };
}
