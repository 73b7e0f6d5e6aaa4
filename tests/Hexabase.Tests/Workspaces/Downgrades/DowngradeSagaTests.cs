using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;

namespace Hexabase.Tests.Workspaces.Downgrades;

public sealed class DowngradeSagaTests
{
    private static readonly LimitedUse TooMuchStorage = new(WorkspaceResource.StorageGb, 40, 10);

    [Fact]
    public async Task Until_the_end_of_the_paid_period_nothing_changes_but_the_subscription()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        await area.Host.Advance(TimeSpan.FromDays(20));
        var downgrade = await area.Read<Downgrade>(id);
        Assert.Equal((DowngradeStatus.Waiting, area.Subscription.PeriodEnd), (downgrade.Status, downgrade.EndsAt));
        Assert.True(area.Subscription.EndsWithPeriod);
        Assert.Empty(area.Cluster.Effects);
        var workspace = await area.ReadWorkspace();
        Assert.Equal((WorkspacePlanName.Pro, null), (workspace.Plan, workspace.RunningChange));
    }

    [Fact]
    public async Task At_the_end_of_the_period_everything_goes_back_to_hobby()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        var downgrade = await area.Finished<Downgrade>(id);
        Assert.Equal(DowngradeStatus.Completed, downgrade.Status);
        Assert.True(downgrade.BegunAt >= area.Subscription.PeriodEnd);
        await AssertIsHobby(area);
        Assert.Equal(
            [
                "asked", "end_scheduled", "begun", "workloads_listed", "workload_moved", "workload_moved", "step_taken", "step_taken",
                "step_taken", "step_taken", "completed",
            ],
            await area.LogOf(id));
        Assert.Equal(["downgrade_scheduled", "downgrade_completed"], await area.Notices());
    }

    [Fact]
    public async Task What_is_over_hobbys_limits_is_told_when_asked_and_again_at_the_end_and_none_of_it_is_deleted()
    {
        await using var area = await ProArea.New();
        area.Cluster.Usage = WorkspaceUsage.None with { CronJobs = 12 };
        var id = await area.Downgrading();
        Assert.Equal([new LimitedUse(WorkspaceResource.CronJobs, 12, 10)], (await area.Read<Downgrade>(id)).OverLimits);
        area.Cluster.Usage = WorkspaceUsage.None with { StorageMb = 40 * 1_024 };
        Assert.Equal([TooMuchStorage], (await area.Finished<Downgrade>(id)).OverLimits);
        Assert.Equal(2, area.Cluster.Workloads.Count);
    }

    [Fact]
    public async Task Taken_back_in_time_the_subscription_goes_on_and_nothing_has_changed()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        await area.Host.Advance(TimeSpan.FromDays(3));
        await area.Withdraw();
        Assert.Equal(DowngradeStatus.Withdrawn, (await area.Finished<Downgrade>(id)).Status);
        Assert.False(area.Subscription.EndsWithPeriod);
        Assert.Empty(area.Cluster.Effects);
        var workspace = await area.ReadWorkspace();
        Assert.Equal((WorkspacePlanName.Pro, null), (workspace.Plan, workspace.PendingDowngrade));
        Assert.Equal(["downgrade_scheduled", "downgrade_withdrawn"], await area.Notices());
    }

    [Fact]
    public async Task That_it_was_taken_back_is_seen_within_the_hour_when_word_of_it_is_lost()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        await area.Get<DowngradeJournal>().Record(id, new DowngradeEvent.WithdrawalAsked(), default);
        await area.Host.Advance(DowngradeOptions.Default.LookEvery);
        Assert.Equal(DowngradeStatus.Withdrawn, (await area.Read<Downgrade>(id)).Status);
    }

    [Fact]
    public async Task Taken_back_when_the_subscription_is_over_it_is_carried_out()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        area.Subscription.Status = FakeSubscriptionStatus.Ended;
        await area.Withdraw();
        Assert.Equal(DowngradeStatus.Completed, (await area.Finished<Downgrade>(id)).Status);
        await AssertIsHobby(area);
    }

    [Fact]
    public async Task A_subscription_that_is_over_before_its_period_is_not_waited_for()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        area.Subscription.Status = FakeSubscriptionStatus.Ended;
        await area.Host.Advance(DowngradeOptions.Default.LookEvery);
        Assert.True((await area.Finished<Downgrade>(id)).BegunAt < area.Subscription.PeriodEnd);
        await AssertIsHobby(area);
    }

    [Fact]
    public async Task A_period_that_was_made_longer_meanwhile_is_waited_for()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        var longer = area.Subscription.PeriodEnd.AddDays(10);
        area.Subscription.PeriodEnd = longer;
        Assert.True((await area.Finished<Downgrade>(id)).BegunAt >= longer);
    }

    [Fact]
    public async Task It_begins_only_when_no_other_change_is_under_way()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        var other = WorkspaceChangeId.New(WorkspaceChangeKind.NodeOrder, area.AccountId, area.Host.Clock.GetUtcNow()).ToString();
        await area.Write(await area.ReadWorkspace() with { RunningChange = other });
        await area.Host.Advance(TimeSpan.FromDays(40));
        var held = await area.Read<Downgrade>(id);
        Assert.Equal(DowngradeStatus.Waiting, held.Status);
        Assert.NotNull(held.Obstacle);

        await area.Write(await area.ReadWorkspace() with { RunningChange = null });
        Assert.Equal(DowngradeStatus.Completed, (await area.Finished<Downgrade>(id)).Status);
    }

    [Fact]
    public async Task An_app_that_cannot_be_moved_keeps_the_node_until_it_can_and_its_owner_is_told_once()
    {
        await using var area = await ProArea.New();
        area.Cluster.Workloads["web"].FailsToMoveBack = true;
        var id = await area.Downgrading();
        await area.Host.Advance(TimeSpan.FromDays(33));
        Assert.Equal(Placement.DedicatedNodes, area.Cluster.Workloads["web"].Placement);
        Assert.Equal(Placement.SharedPool, area.Cluster.Workloads["worker"].Placement);
        Assert.Single(area.Cluster.Nodes);
        Assert.StartsWith("web: ", (await area.Read<Downgrade>(id)).Obstacle, StringComparison.Ordinal);

        area.Cluster.Workloads["web"].FailsToMoveBack = false;
        await area.Finished<Downgrade>(id);
        await AssertIsHobby(area);
        Assert.Single(await area.Notices(), kind => kind == "downgrade_held");
    }

    [Fact]
    public async Task An_app_that_never_moves_becomes_a_ticket_until_it_does()
    {
        await using var area = await ProArea.New();
        area.Cluster.Workloads["web"].FailsToMoveBack = true;
        var id = await area.Downgrading();
        await area.Host.Advance(TimeSpan.FromDays(33));
        var ticket = Assert.Single(await area.Tickets());
        Assert.Equal((id.ToString(), "workloads_moved"), (ticket.ChangeId, ticket.Facts["step"]));
        Assert.StartsWith("web: ", ticket.Question, StringComparison.Ordinal);

        area.Cluster.Workloads["web"].FailsToMoveBack = false;
        await area.Finished<Downgrade>(id);
        Assert.Empty(await area.Tickets());
    }

    [Fact]
    public async Task An_app_keeps_the_copies_that_an_autoscaler_has_given_it_meanwhile()
    {
        await using var area = await ProArea.New();
        area.Cluster.Before = call =>
        {
            if (call == nameof(ICluster.MoveWorkload))
                area.Cluster.Workloads["web"].Replicas = 5;
        };
        await area.Finished<Downgrade>(await area.Downgrading());
        Assert.Equal((5, 1), (area.Cluster.Workloads["web"].Replicas, area.Cluster.Workloads["worker"].Replicas));
    }

    [Theory]
    [InlineData("EndWithPeriod")]
    [InlineData("ReadUsage")]
    [InlineData("ListWorkloads")]
    [InlineData("MoveWorkload")]
    [InlineData("RemoveBackups")]
    [InlineData("ApplyWorkspace")]
    [InlineData("DeleteNode")]
    public async Task A_step_that_something_refuses_for_a_day_is_taken_when_it_can_be(string call)
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        await area.Host.Advance(area.Subscription.PeriodEnd - area.Host.Clock.GetUtcNow() - TimeSpan.FromSeconds(1));
        var until = area.Host.Clock.GetUtcNow().AddDays(1);
        void Fail(string called)
        {
            if (called == call && area.Host.Clock.GetUtcNow() < until)
                throw new DependencyUnavailableException("It does not answer.");
        }
        (area.Payments.Before, area.Cluster.Before) = (Fail, Fail);
        await area.Finished<Downgrade>(id);
        await AssertIsHobby(area);
    }

    [Fact]
    public async Task One_that_the_platform_gave_up_goes_on_where_it_was()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        area.Host.Break(id.ToString());
        await area.Host.Advance(ReviveOptions.Default.LookEvery);
        Assert.Equal(1, await area.Get<ReviveChangesHandler>().Handle(default));
        await area.Host.Work();
        Assert.Equal(DowngradeStatus.Completed, (await area.Finished<Downgrade>(id)).Status);
    }

    [Fact]
    public async Task After_a_crash_at_any_point_every_effect_has_happened_once()
    {
        var work = 0;
        for (int? crashAt = null; crashAt is null || crashAt < work; crashAt = crashAt + 1 ?? 0)
        {
            await using var area = await ProArea.New(downgrade: DowngradeOptions.Default with { LookEvery = TimeSpan.FromDays(20) });
            area.Host.CrashAt = crashAt;
            var id = await area.Downgrading();
            Assert.Equal(DowngradeStatus.Completed, (await area.Finished<Downgrade>(id)).Status);
            await AssertIsHobby(area);
            Assert.Equal(["downgrade_scheduled", "downgrade_completed"], await area.Notices());
            Assert.Equal(
                [
                    "web to SharedPool", "worker has 2", "worker to SharedPool", "worker has 1", "workspace 10 GB standard, 1000 m",
                    "node removed",
                ],
                area.Cluster.Effects);
            work = Math.Max(work, area.Host.Worked);
        }
    }

    private static async Task AssertIsHobby(ProArea area)
    {
        var workspace = await area.ReadWorkspace();
        Assert.Equal(
            (WorkspacePlanName.Hobby, null, null, null, null),
            (workspace.Plan, workspace.Features, workspace.SubscriptionId, workspace.RunningChange, workspace.PendingDowngrade));
        Assert.Null(workspace.Nodes);
        Assert.All(area.Cluster.Workloads.Values, app => Assert.Equal(Placement.SharedPool, app.Placement));
        Assert.Empty(area.Cluster.Nodes);
        Assert.Null(area.Cluster.BackupDays);
        var setup = area.Cluster.Setup!;
        Assert.Equal((10, "standard", 1_000), (setup.StorageGb, setup.StorageClass, setup.CpuMillis));
        Assert.Equal(4_980, area.Payments.Balance);
    }
}
