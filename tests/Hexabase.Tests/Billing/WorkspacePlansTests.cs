using System.Text.Json.Nodes;
using Hexabase.Domain.Billing;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Billing;

public sealed class WorkspacePlansTests
{
    private static readonly WorkspacePlans Workspaces = TestPlans.Product.Workspaces;

    [Fact] // product rules, "Plans", the table of workspaces
    public void Hobby_costs_nothing_and_is_held_to_its_limits()
    {
        Assert.Equal((null, 0), (Workspaces.Hobby.Price, Workspaces.Hobby.IncludedNodes));
        Assert.Equal(
            new WorkspaceFeatures(1, false, 5, 10, 10, "standard", AIOpsLevel.Monitoring, null, SupportTier.Community, null),
            Workspaces.Hobby.Features);
    }

    [Fact] // product rules, "Plans", the table of workspaces
    public void Pro_costs_4980_yen_a_month_and_includes_a_dedicated_node()
    {
        Assert.Equal(new Price("workspace_pro_m_jpy", PriceInterval.Month, 4_980), Workspaces.Pro.Price);
        Assert.Equal(1, Workspaces.Pro.IncludedNodes);
        Assert.Equal(
            new WorkspaceFeatures(4, true, null, null, 100, "ssd", AIOpsLevel.Full, 7, SupportTier.Email24h, 99.9m),
            Workspaces.Pro.Features);
    }

    [Theory]
    [InlineData("small", 2, 8, "workspace_node_small_m_jpy", 3_980)]
    [InlineData("medium", 4, 16, "workspace_node_medium_m_jpy", 7_980)]
    [InlineData("large", 8, 32, "workspace_node_large_m_jpy", 15_800)]
    public void Extra_nodes_are_priced_by_size(string name, int cpus, int memoryGb, string priceId, int jpy) =>
        Assert.Equal(new NodeSize(cpus, memoryGb, new Price(priceId, PriceInterval.Month, jpy)), Workspaces.NodeSizes[name]);

    [Theory] // USD=JPY/140 (product rules, "Plans"), in whole cents, half up
    [InlineData(0, "0.00")]
    [InlineData(4_980, "35.57")]  // 35.5714…
    [InlineData(7_980, "57.00")]
    [InlineData(3_980, "28.43")]  // 28.4285…
    [InlineData(7, "0.05")]
    [InlineData(70_007, "500.05")]
    [InlineData(847, "6.05")]
    [InlineData(1_001, "7.15")]
    public void Dollars_are_shown_at_the_fixed_rate_with_two_decimals(long jpy, string usd) =>
        Assert.Equal(usd, TestPlans.Product.Show(jpy).Usd.ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("hobby.included_nodes", "1", "workspaces.hobby must cost nothing and include no node")]
    [InlineData("pro.price", "null", "workspaces.pro must have a price and include one node")]
    [InlineData("pro.price.jpy", "0", "workspaces.pro must have a price by month above zero")]
    [InlineData("pro.price.interval", "\"year\"", "workspaces.pro must have a price by month above zero")]
    [InlineData("pro.pods", "10", "workspaces.pro must have no less room than hobby")]
    [InlineData("hobby.pods", "0", "workspaces.hobby must have cpu_millis, memory_mb and pods above zero")]
    [InlineData("hobby.features.functions", "0", "workspaces.hobby must have functions, cron_jobs and backup_days above zero, or null")]
    [InlineData("hobby.features.storage_gb", "-1", "workspaces.hobby must have parallel_builds and storage_gb above zero")]
    [InlineData("hobby.features.storage_class", "\"\"", "workspaces.hobby must have a storage_class")]
    [InlineData("pro.features.sla_percent", "100", "workspaces.pro must have an sla_percent between 0 and 100")]
    [InlineData("node_sizes", "{}", "workspaces.node_sizes must hold at least one size")]
    [InlineData("node_sizes.small.cpus", "0", "workspaces.node_sizes.small must have cpus and memory_gb above zero")]
    [InlineData("node_sizes.small.price.id", "\"workspace_pro_m_jpy\"", "workspaces.node_sizes must have price ids of their own")]
    [InlineData("included_node_size", "\"tiny\"", "workspaces.included_node_size must be one of node_sizes")]
    [InlineData("regions", "[]", "workspaces.regions must be names")]
    [InlineData("regions", "[\"Tokyo 1\"]", "workspaces.regions must be names")]
    [InlineData("regions", "[\"tokyo\", \"tokyo\"]", "workspaces.regions must name each region once")]
    public void Numbers_that_make_no_sense_are_refused_by_name(string path, string value, string reason)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans.json")))!;
        var steps = path.Split('.');
        var parent = steps[..^1].Aggregate(json["workspaces"]!, (node, step) => node[step]!);
        parent[steps[^1]] = JsonNode.Parse(value);
        var refusal = Assert.Throws<InvalidPlansException>(() => Plans.Parse(json.ToJsonString()));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }
}
