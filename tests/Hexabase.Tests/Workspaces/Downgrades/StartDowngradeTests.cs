using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.Downgrades;

public sealed class StartDowngradeTests
{
    [Fact]
    public async Task The_same_key_gives_the_same_downgrade()
    {
        await using var area = await ProArea.New();
        Assert.Equal((await area.AskDowngrade()).Value().DowngradeId, (await area.AskDowngrade()).Value().DowngradeId);
    }

    [Fact]
    public async Task A_key_is_required()
    {
        await using var area = await ProArea.New();
        Assert.Equal("Idempotency-Key", (await area.AskDowngrade("")).Refusal().Field);
    }

    [Fact]
    public async Task It_can_be_asked_for_while_the_cluster_does_not_answer()
    {
        await using var area = await ProArea.New();
        area.Cluster.Before = _ => throw new DependencyUnavailableException("It does not answer.");
        Assert.Empty((await area.AskDowngrade()).Value().OverLimits);
    }

    [Fact]
    public async Task A_second_one_is_refused_with_the_first()
    {
        await using var area = await ProArea.New();
        var pending = (await area.AskDowngrade()).Value().DowngradeId;
        var refusal = Assert.IsType<DowngradePending>((await area.AskDowngrade("other")).Refusal());
        Assert.Equal(pending, refusal.Members!["pending"]);
    }

    [Fact]
    public async Task On_plan_hobby_there_is_nothing_to_go_back_to()
    {
        await using var area = await ProArea.New();
        await area.Write(await area.ReadWorkspace() with { Plan = WorkspacePlanName.Hobby });
        Assert.IsType<WorkspaceNotOnPro>((await area.AskDowngrade()).Refusal());
    }

    [Fact]
    public async Task While_another_change_is_under_way_it_is_refused()
    {
        await using var area = await ProArea.New();
        await area.AskNode();
        Assert.IsType<ChangeUnderWay>((await area.AskDowngrade("other")).Refusal());
    }

    [Fact]
    public async Task While_it_waits_a_node_can_be_ordered()
    {
        await using var area = await ProArea.New();
        await area.AskDowngrade();
        Assert.NotNull((await area.AskNode("other")).Value());
    }

    [Fact]
    public async Task Without_one_there_is_nothing_to_take_back()
    {
        await using var area = await ProArea.New();
        Assert.IsType<NoDowngradePending>((await area.Withdraw()).Refusal());
    }

    [Fact]
    public async Task One_that_has_begun_cannot_be_taken_back()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        await area.Get<DowngradeJournal>().Record(id, new DowngradeEvent.Begun([], []), default);
        Assert.IsType<DowngradeHasBegun>((await area.Withdraw()).Refusal());
    }

    [Fact]
    public async Task Nobody_sees_anothers()
    {
        await using var area = await ProArea.New();
        var id = await area.Downgrading();
        var ask = new GetChange(WorkspaceChangeKind.Downgrade, id.ToString(), Hexabase.Domain.Ids.NewAccount(), TimeSpan.Zero, null);
        Assert.IsType<ChangeNotFound>((await area.Get<GetChangeHandler>().Handle<Downgrade>(ask, default)).Refusal());
    }
}
