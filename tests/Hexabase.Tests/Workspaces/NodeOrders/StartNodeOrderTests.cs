using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.NodeOrders;

public sealed class StartNodeOrderTests
{
    [Fact]
    public async Task The_same_key_gives_the_same_order_and_another_wish_under_it_is_refused()
    {
        await using var area = await ProArea.New();
        Assert.Equal((await area.AskNode()).Value().OrderId, (await area.AskNode()).Value().OrderId);
        Assert.IsType<IdempotencyKeyReused>((await area.AskNode(size: "large")).Refusal());
    }

    [Theory]
    [InlineData("key", "medium", "osaka", false, "terms_accepted")]
    [InlineData("key", "tiny", "osaka", true, "size")]
    [InlineData("key", "medium", null, true, "region")]
    [InlineData("", "medium", "osaka", true, "Idempotency-Key")]
    public async Task What_is_wrong_is_refused_by_its_field(string key, string? size, string? region, bool termsAccepted, string field)
    {
        await using var area = await ProArea.New();
        Assert.Equal(field, (await area.AskNode(key, size, region, termsAccepted)).Refusal().Field);
    }

    [Fact]
    public async Task On_plan_hobby_there_are_no_nodes_to_order()
    {
        await using var area = await ProArea.New();
        await area.Write(await area.ReadWorkspace() with { Plan = WorkspacePlanName.Hobby });
        Assert.IsType<WorkspaceNotOnPro>((await area.AskNode()).Refusal());
    }

    [Fact]
    public async Task One_order_at_a_time()
    {
        await using var area = await ProArea.New();
        var running = (await area.AskNode()).Value().OrderId;
        var refusal = Assert.IsType<ChangeUnderWay>((await area.AskNode("other")).Refusal());
        Assert.Equal(running, refusal.Members!["running"]);
    }

    [Fact]
    public async Task The_nodes_are_listed_with_what_they_cost_beside_the_plan()
    {
        await using var area = await ProArea.New();
        await area.Finished<NodeOrder>(await area.Ordered());
        var nodes = (await area.Get<ListNodesHandler>().Handle(area.AccountId, default)).Value();
        Assert.Equal([null, new ShownPrice(7_980, 57.00m)], nodes.Items.Select(node => node.Monthly));
    }
}
