using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces;

public sealed class WorkspacePlanPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Workspace Hobby = new("w_1", Workspace.FirstName, WorkspaceStatus.Ready, Now);
    private static readonly Workspace Pro =
        Hobby with { Plan = WorkspacePlanName.Pro, Features = TestPlans.Product.Workspaces.Pro.Features };

    [Fact]
    public void Hobby_shows_what_is_used_of_its_limits()
    {
        var page = WorkspacePlanPage.Of(Hobby, new WorkspaceUsage(3, 2, 1, 2_560, 500, 1_024, 4), TestPlans.Product);
        Assert.Equal(
            [
                new(WorkspaceResource.Functions, 3, 5),
                new(WorkspaceResource.CronJobs, 2, 10),
                new(WorkspaceResource.ParallelBuilds, 1, 1),
                new(WorkspaceResource.StorageGb, 2.5m, 10),
                new(WorkspaceResource.CpuMillis, 500, 1_000),
                new(WorkspaceResource.MemoryMb, 1_024, 2_048),
                new(WorkspaceResource.Pods, 4, 20),
            ],
            page.Usage);
    }

    [Fact]
    public void Pro_has_no_limit_of_functions_and_cron_jobs()
    {
        var page = WorkspacePlanPage.Of(Pro, WorkspaceUsage.None, TestPlans.Product);
        Assert.Equal(
            [WorkspaceResource.Functions, WorkspaceResource.CronJobs],
            page.Usage.Where(use => use.Limit is null).Select(use => use.Resource));
        Assert.Equal(100, page.Usage.Single(use => use.Resource == WorkspaceResource.StorageGb).Limit);
    }

    [Fact]
    public void While_an_upgrade_is_under_way_the_limits_are_hobbys_until_the_features_are_switched_on()
    {
        var page = WorkspacePlanPage.Of(Hobby with { Plan = WorkspacePlanName.Pro }, WorkspaceUsage.None, TestPlans.Product);
        Assert.Equal(5, page.Usage.Single(use => use.Resource == WorkspaceResource.Functions).Limit);
        Assert.Equal(WorkspacePlanName.Pro, page.Plan);
    }

    [Fact]
    public void It_tells_what_is_switched_on()
    {
        var workspaces = TestPlans.Product.Workspaces;
        Assert.Equal(workspaces.Hobby.Features, WorkspacePlanPage.Of(Hobby, WorkspaceUsage.None, TestPlans.Product).Features);
        Assert.Equal(workspaces.Pro.Features, WorkspacePlanPage.Of(Pro, WorkspaceUsage.None, TestPlans.Product).Features);
    }

    [Fact]
    public void The_plans_stand_side_by_side_with_prices_in_yen_and_dollars()
    {
        var page = WorkspacePlanPage.Of(Hobby, WorkspaceUsage.None, TestPlans.Product);
        Assert.Equal(
            [(WorkspacePlanName.Hobby, new ShownPrice(0, 0.00m)), (WorkspacePlanName.Pro, new ShownPrice(4_980, 35.57m))],
            page.Plans.Select(plan => (plan.Name, plan.Price)));
        Assert.Equal(["small", "medium", "large"], page.NodeSizes.Select(size => size.Name));
        Assert.Equal(new ShownPrice(7_980, 57.00m), page.NodeSizes[1].Price);
    }

    [Fact]
    public void What_is_under_way_is_named_with_its_kind()
    {
        var order = WorkspaceChangeId.New(WorkspaceChangeKind.NodeOrder, Ids.NewAccount(), Now).ToString();
        var downgrade = WorkspaceChangeId.New(WorkspaceChangeKind.Downgrade, Ids.NewAccount(), Now).ToString();
        var page = WorkspacePlanPage.Of(
            Pro with { RunningChange = order, PendingDowngrade = downgrade }, WorkspaceUsage.None, TestPlans.Product);
        Assert.Equal(new NamedChange(WorkspaceChangeKind.NodeOrder, order), page.RunningChange);
        Assert.Equal(new NamedChange(WorkspaceChangeKind.Downgrade, downgrade), page.PendingDowngrade);
    }

    [Fact]
    public void In_JSON_a_limit_that_there_is_not_is_left_out_and_dollars_keep_two_decimals()
    {
        var json = JsonSerializer.Serialize(WorkspacePlanPage.Of(Pro, WorkspaceUsage.None, TestPlans.Product), DomainJson.Options);
        Assert.Contains("""{"resource":"functions","used":0}""", json, StringComparison.Ordinal);
        Assert.Contains("""{"jpy":7980,"usd":57.00}""", json, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_over_a_limit_is_what_exceeds_it_and_nothing_that_only_reaches_it() => Prop.ForAll(
        (from functions in Gen.Choose(0, 40)
         from cronJobs in Gen.Choose(0, 40)
         from storageGb in Gen.Choose(0, 40)
         from pods in Gen.Choose(0, 40)
         select (functions, cronJobs, storageGb, pods)).ToArbitrary(),
        use =>
        {
            var (functions, cronJobs, storageGb, pods) = use;
            var over = new WorkspaceUsage(functions, cronJobs, 0, storageGb * 1_024L, 0, 0, pods)
                .Over(TestPlans.Product.Workspaces.Hobby).Select(o => o.Resource).ToHashSet();
            return over.Contains(WorkspaceResource.Functions) == functions > 5
                && over.Contains(WorkspaceResource.CronJobs) == cronJobs > 10
                && over.Contains(WorkspaceResource.StorageGb) == storageGb > 10
                && over.Contains(WorkspaceResource.Pods) == pods > 20;
        }).QuickCheckThrowOnFailure();
}
