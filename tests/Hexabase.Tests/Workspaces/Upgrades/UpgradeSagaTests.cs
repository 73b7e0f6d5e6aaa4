using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.Upgrades;

/// <summary>The way forward, and what the owner and support can do on it.</summary>
public sealed class UpgradeSagaTests
{
    [Fact]
    public async Task An_upgrade_ends_with_everything_that_plan_pro_promises()
    {
        await using var area = await UpgradeArea.New();
        var upgrade = await area.Finished(await area.Started());

        Assert.Equal((UpgradeStatus.Completed, 100), (upgrade.Status, upgrade.Percent));
        var workspace = await area.ReadWorkspace();
        Assert.Equal((WorkspacePlanName.Pro, null), (workspace.Plan, workspace.RunningChange));
        Assert.Equal(TestPlans.Product.Workspaces.Pro.Features, workspace.Features);
        Assert.Equal(upgrade.Node.Name, Assert.Single(workspace.Nodes!).Name);
        Assert.Equal((100, "ssd", 7), (area.Cluster.Setup!.StorageGb, area.Cluster.Setup.StorageClass, area.Cluster.BackupDays));
        Assert.All(
            [area.Web.Look(), area.Worker.Look()], app => Assert.Equal((true, Placement.DedicatedNodes), (app.HasSettled, app.Placement)));
        var subscription = Assert.Single(area.Payments.Subscriptions.Values);
        Assert.Equal(("workspace_pro_m_jpy", 4_980, workspace.SubscriptionId), (subscription.PriceId, subscription.Taken, subscription.Id));
        Assert.Equal("upgrade_completed", Assert.Single(await area.Notices()).Kind);
    }

    [Fact]
    public async Task Steps_take_effect_in_the_order_payment_node_apps_features()
    {
        await using var area = await UpgradeArea.New();
        await area.Finished(await area.Started());
        Assert.Equal(
            [
                "workspace 10 GB standard, 4000 m",
                "node small in tokyo",
                "web to DedicatedNodes",
                "worker has 2",
                "worker to DedicatedNodes",
                "worker has 1",
                "workspace 100 GB ssd, 4000 m",
            ],
            area.Cluster.Effects);
    }

    [Fact]
    public async Task Every_transition_is_a_line_of_the_audit_trail()
    {
        await using var area = await UpgradeArea.New();
        var upgrade = await area.Finished(await area.Started());
        var log = await area.Log();
        Assert.Equal(
            [
                "asked", "customer_known", "method_accepted", "payment_begun", "payment_taken", "plan_changed", "node_asked", "node_ready",
                "workloads_listed", "move_begun", "workload_moved", "move_begun", "workload_moved", "workloads_listed", "features_enabled",
                "announced",
            ],
            log.Select(line => line.Event));
        Assert.Equal(Enumerable.Range(0, upgrade.LogLines), log.Select(line => line.Number));
    }

    [Fact]
    public async Task Percent_and_steps_tell_how_far_it_is()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started();
        var upgrade = await area.Read(id);
        Assert.Equal(25, upgrade.Percent);
        Assert.Equal(
            [StepState.Done, StepState.Done, StepState.Done, StepState.Running, StepState.Pending, StepState.Pending, StepState.Pending],
            upgrade.Steps.Select(step => step.State));
    }

    [Fact]
    public async Task A_declined_card_waits_for_another_one_and_leaves_nothing_to_charge()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.EmptyCard);

        var waiting = await area.Read(id);
        Assert.Equal((UpgradeStatus.WaitingForPayment, WaitingKind.PaymentMethod), (waiting.Status, waiting.WaitingFor?.Kind));
        Assert.Equal(("card_declined", "insufficient_funds"), (waiting.Failure!.Code, waiting.Failure.DeclineCode));
        Assert.Equal(FakeSubscriptionStatus.Ended, Assert.Single(area.Payments.Subscriptions.Values).Status);

        var answer = new ChangePaymentMethod(id.ToString(), area.AccountId, FakePayments.GoodCard);
        Assert.Equal(UpgradeStatus.Running, (await area.Get<AnswerPaymentHandler>().Handle(answer, default)).Value().Status);
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
        Assert.Equal((1, 4_980), (area.Payments.Charges, area.Payments.Balance));
    }

    [Theory]
    [InlineData(FakePayments.EmptyCard)]
    [InlineData(FakePayments.UnusableCard)]
    [InlineData(FakePayments.SecureCard)]
    [InlineData(FakePayments.SecureSetupCard)]
    public async Task A_payment_that_is_not_answered_for_seven_days_is_cancelled_and_nothing_is_charged(string card)
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(card);
        await area.Host.Advance(TimeSpan.FromDays(6.9));
        Assert.Equal(UpgradeStatus.WaitingForPayment, (await area.Read(id)).Status);
        await area.Host.Advance(TimeSpan.FromDays(0.2));
        Assert.Equal(UpgradeStatus.Cancelled, (await area.Read(id)).Status);
        Assert.Equal((0, null), (area.Payments.Charges, (await area.ReadWorkspace()).RunningChange));
        Assert.All(area.Payments.Subscriptions.Values, subscription => Assert.Equal(FakeSubscriptionStatus.Ended, subscription.Status));
    }

    [Fact]
    public async Task Seven_days_of_waiting_keep_the_history_small()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        var longest = 0;
        for (var hours = 0; hours < 7 * 24 - 1; hours++)
        {
            await area.Host.Advance(TimeSpan.FromHours(1));
            longest = Math.Max(longest, area.Host[id.ToString()].History.Count);
        }
        Assert.InRange(longest, 1, 600);
    }

    [Theory]
    [InlineData(FakePayments.SecureCard)]
    [InlineData(FakePayments.SecureSetupCard)]
    public async Task Authentication_is_asked_for_with_a_secret_and_goes_on_when_it_is_done(string card)
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(card);
        Assert.EndsWith("_secret", (await area.Read(id)).WaitingFor!.ClientSecret, StringComparison.Ordinal);

        area.Payments.Authenticate();
        await area.Get<AnswerPaymentHandler>().Handle(new ConfirmPayment(id.ToString(), area.AccountId), default);
        await area.Host.Work();
        Assert.Equal((UpgradeStatus.Running, null), ((await area.Read(id)).Status, (await area.Read(id)).WaitingFor));
        Assert.Equal(1, area.Payments.Charges);
    }

    [Fact]
    public async Task An_authentication_that_nobody_tells_of_is_found_out()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        area.Payments.Authenticate();
        await area.Host.Advance(UpgradeOptions.Default.PaymentPoll);
        Assert.Equal(UpgradeStatus.Running, (await area.Read(id)).Status);
    }

    [Fact]
    public async Task A_payment_that_is_authenticated_while_another_card_is_given_is_not_taken_twice()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        area.Payments.Authenticate();
        await area.Get<AnswerPaymentHandler>().Handle(new ChangePaymentMethod(id.ToString(), area.AccountId, FakePayments.GoodCard), default);
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
        Assert.Equal(1, area.Payments.Charges);
    }

    [Fact]
    public async Task The_owner_can_give_up_while_payment_is_awaited()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        await area.Get<AnswerPaymentHandler>().Handle(new CancelUpgrade(id.ToString(), area.AccountId), default);
        Assert.Equal(UpgradeStatus.Cancelled, (await area.Finished(id)).Status);
        Assert.Equal(FakeSubscriptionStatus.Ended, Assert.Single(area.Payments.Subscriptions.Values).Status);
        Assert.Equal(["upgrade_cancelled", "upgrade_needs_you"], (await area.Told()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Money_that_comes_in_the_moment_of_giving_up_is_given_back()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        area.Payments.Authenticate();
        await area.Get<AnswerPaymentHandler>().Handle(new CancelUpgrade(id.ToString(), area.AccountId), default);
        Assert.Equal(UpgradeStatus.Abandoned, (await area.Finished(id)).Status);
        Assert.Equal((1, 0), (area.Payments.Charges, area.Payments.Balance));
    }

    [Fact]
    public async Task What_is_paid_cannot_be_cancelled_by_its_owner()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started();
        var refusal = (await area.Get<AnswerPaymentHandler>().Handle(new CancelUpgrade(id.ToString(), area.AccountId), default)).Refusal();
        Assert.IsType<NotWaitingForPayment>(refusal);
    }

    [Fact]
    public async Task A_shortage_is_tried_again_after_growing_waits_until_there_is_a_node()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => area.Cluster.NodesMade < 3;
        var upgrade = await area.Finished(await area.Started());
        Assert.Equal(UpgradeStatus.Completed, upgrade.Status);
        Assert.Equal((4, 1), (area.Cluster.NodesMade, area.Cluster.Nodes.Count));
    }

    [Fact]
    public async Task A_lasting_shortage_becomes_a_ticket_with_the_facts()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        var id = await area.Started();
        var upgrade = await area.Until(id, UpgradeStatus.NeedsSupport);
        await area.Host.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(("NODE_SHORTAGE", WaitingKind.Support), (upgrade.Failure!.Code, upgrade.WaitingFor!.Kind));
        var ticket = Assert.Single(await area.Tickets());
        Assert.Equal((id.ToString(), "node", "5"), (ticket.ChangeId, ticket.Facts["step"], ticket.Facts["node_tries"]));
        Assert.Equal((5, 0), (area.Cluster.NodesMade, area.Cluster.Nodes.Count));
        Assert.Equal(["upgrade_held"], await area.Told());
    }

    [Fact]
    public async Task Support_can_have_the_node_tried_again()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        area.Cluster.Shortage = _ => false;
        (await area.Resolve(id, SupportAction.Retry)).Value();
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
        Assert.Empty(await area.Tickets());
    }

    [Fact]
    public async Task Support_can_place_the_node_elsewhere()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = node => node.Region == "tokyo";
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        (await area.Resolve(id, SupportAction.Place, size: "medium", region: "osaka")).Value();
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
        var node = Assert.Single(area.Cluster.Nodes);
        Assert.Equal(("medium", "osaka", 4), (node.Size, node.Region, node.Cpus));
        Assert.Equal(("medium", "osaka"), ((await area.ReadWorkspace()).Nodes![0].Size, (await area.ReadWorkspace()).Nodes![0].Region));
    }

    [Fact]
    public async Task Support_answers_once_however_often_the_answer_is_sent()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Shortage = _ => true;
        var id = await area.Started();
        await area.Until(id, UpgradeStatus.NeedsSupport);
        for (var i = 0; i < 2; i++)
            (await area.Resolve(id, SupportAction.Retry)).Value();
        Assert.Single(await area.Log(), line => line.Event == "support_retried" && line.By == UpgradeArea.Operator);
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", (await area.Resolve(id, SupportAction.Abort)).Refusal().Code);
        Assert.Equal("RESOLUTION_REFUSED", (await area.Resolve(id, SupportAction.Abort, key: "other")).Refusal().Code);
    }

    [Fact]
    public async Task A_single_copy_gets_a_second_one_before_it_moves()
    {
        await using var area = await UpgradeArea.New();
        await area.Finished(await area.Started());
        var effects = area.Cluster.Effects;
        Assert.True(effects.IndexOf("worker has 2") < effects.IndexOf("worker to DedicatedNodes"));
        Assert.DoesNotContain("web has 2", effects);
    }

    [Fact]
    public async Task A_move_is_held_while_the_app_is_slow()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started();
        await area.Until(id, _ => area.Web.Placement == Placement.SharedPool && area.Cluster.Nodes.Count == 1);
        area.Cluster.Before = call =>
        {
            if (call == nameof(ICluster.MoveWorkload))
                area.Web.AnswersIn = TimeSpan.FromSeconds(2);
        };
        var held = await area.Until(id, upgrade => upgrade.WaitingFor?.Kind == WaitingKind.SlowWorkload);
        Assert.Equal((UpgradeStatus.Running, true), (held.Status, area.Web.IsPaused));
        area.Cluster.Before = _ => { };
        area.Web.AnswersIn = TimeSpan.FromMilliseconds(20);
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
        Assert.Contains("web resumed", area.Cluster.Effects);
    }

    [Fact]
    public async Task An_app_that_cannot_be_moved_goes_back_is_tried_once_more_and_then_is_supports()
    {
        await using var area = await UpgradeArea.New();
        area.Web.FailsToMove = true;
        var id = await area.Started();
        var again = await area.Until(id, upgrade => upgrade.WaitingFor?.Kind == WaitingKind.WorkloadRetry);
        Assert.Equal(again.Workloads!.Single(app => app.Name == "web").RetryAt, again.WaitingFor!.Until);
        var upgrade = await area.Until(id, UpgradeStatus.NeedsSupport);
        Assert.Equal("WORKLOAD_NOT_MOVED", upgrade.Failure!.Code);
        Assert.Equal((Placement.SharedPool, Placement.DedicatedNodes), (area.Web.Placement, area.Worker.Placement));
        Assert.Equal(2, area.Cluster.Effects.Count(effect => effect == "web to SharedPool"));

        area.Web.FailsToMove = false;
        (await area.Resolve(id, SupportAction.Retry)).Value();
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
    }

    [Fact]
    public async Task What_a_step_fails_of_is_told_to_support_and_not_to_the_owner()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Before = call =>
        {
            if (call == nameof(ICluster.ApplyWorkspace))
                throw new ClusterException("Forbidden", "serviceaccount 10.0.0.7 has no access");
        };
        var upgrade = await area.Until(await area.Started(), upgrade => upgrade.Ticket?.Stage == TicketStage.Open);
        Assert.Contains("10.0.0.7", Assert.Single(await area.Tickets()).Question, StringComparison.Ordinal);
        string?[] shown = [upgrade.Failure!.Detail, upgrade.WaitingFor!.Detail, .. (await area.Log()).Select(line => line.Detail)];
        Assert.DoesNotContain(shown, text => text?.Contains("10.0.0.7", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task An_app_that_comes_during_the_migration_is_moved_too()
    {
        await using var area = await UpgradeArea.New();
        area.Cluster.Before = call =>
        {
            if (call == nameof(ICluster.MoveWorkload) && area.Cluster.Workloads.Count == 2)
                area.Cluster.Add("late", replicas: 2);
        };
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(await area.Started())).Status);
        Assert.Equal(Placement.DedicatedNodes, area.Cluster.Workloads["late"].Placement);
    }

    [Fact]
    public async Task An_orchestration_that_was_never_started_is_made_up_for()
    {
        await using var area = await UpgradeArea.New();
        area.SagasAreDown = true;
        var id = await area.Started();
        area.SagasAreDown = false;
        await area.Host.Advance(ReviveOptions.Default.LookEvery);
        Assert.Equal(1, await area.Get<ReviveChangesHandler>().Handle(default));
        Assert.Equal(UpgradeStatus.Completed, (await area.Finished(id)).Status);
    }

    [Fact]
    public async Task What_runs_and_what_is_finished_is_not_started_again()
    {
        await using var area = await UpgradeArea.New();
        var id = await area.Started(FakePayments.SecureCard);
        area.Host.Clock.Advance(ReviveOptions.Default.LookEvery);
        Assert.Equal(0, await area.Get<ReviveChangesHandler>().Handle(default));
        area.Payments.Authenticate();
        await area.Finished(id);
        await area.Host.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await area.Get<ReviveChangesHandler>().Handle(default));
        var watches = new IndexQuery(Containers.Accounts, Containers.SagaWatch, "9", 10);
        Assert.Empty((await area.Documents.Query<ChangeWatch>(watches, default)).Items);
    }
}
