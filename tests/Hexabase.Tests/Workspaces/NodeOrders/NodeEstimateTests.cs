using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Workspaces.NodeOrders;

public sealed class NodeEstimateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly Workspace Pro = new("w_1", Workspace.FirstName, WorkspaceStatus.Ready, Now, WorkspacePlanName.Pro);
    private static readonly WorkspaceNode Included = new("node-1", "small", "tokyo", Included: true, "up_1", Now);

    [Fact] // 4,980 + 7,980
    public void It_is_the_plan_and_the_new_node_and_nothing_for_the_included_one()
    {
        var estimate = NodeEstimate.Of(Pro with { Nodes = [Included] }, "medium", "osaka", TestPlans.Product);
        Assert.Equal(new ShownPrice(12_960, 92.57m), estimate.Monthly);
        Assert.Equal([("plan_pro", 4_980L), ("medium", 7_980L)], estimate.Lines.Select(line => (line.Item, line.Monthly.Jpy)));
    }

    [Fact] // product rule 8; 4,980 + 3,000 + 15,800
    public void Nodes_that_were_ordered_before_count_at_the_price_they_were_ordered_at()
    {
        var earlier = Included with { Included = false, Price = new Price("old", PriceInterval.Month, 3_000) };
        Assert.Equal(23_780, NodeEstimate.Of(Pro with { Nodes = [Included, earlier] }, "large", "tokyo", TestPlans.Product).Monthly.Jpy);
    }

    [Fact] // 8,960 / 140 is 64 exactly, while the dollars of the lines add up to 35.57 + 28.43
    public void The_dollars_of_the_sum_are_those_of_its_yen() =>
        Assert.Equal(64.00m, NodeEstimate.Of(Pro, "small", "tokyo", TestPlans.Product).Monthly.Usd);

    [Theory]
    [InlineData(null, "tokyo", "size")]
    [InlineData("tiny", "tokyo", "size")]
    [InlineData("small", null, "region")]
    [InlineData("small", "mars", "region")]
    public void What_is_not_offered_is_refused_by_its_field(string? size, string? region, string field) =>
        Assert.Equal(field, NodeChoice.Refuse(TestPlans.Product.Workspaces, size, region)?.Field);
}
