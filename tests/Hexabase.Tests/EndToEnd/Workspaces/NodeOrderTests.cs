using System.Net;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>One more dedicated node for a workspace on plan pro.</summary>
[Collection(PlatformCollection.Name)]
public sealed class NodeOrderTests(PlatformFixture fixture) : IAsyncLifetime
{
    private const int MediumJpy = 7_980;

    private readonly SimulatedStripe stripe = new(fixture.Platform);
    private readonly SimulatedCluster cluster = new(fixture.Platform);

    public Task InitializeAsync() => cluster.Heal();

    public Task DisposeAsync() => cluster.Heal();

    [Fact]
    public async Task It_is_estimated_charged_made_and_listed()
    {
        using var tenant = await Tenant.OnPro(fixture.Platform);
        var estimate = await tenant.Visitor.Get("/api/workspace/nodes/estimate?size=medium&region=osaka");
        Assert.Equal(4_980 + MediumJpy, estimate.GetProperty("monthly").GetProperty("jpy").GetInt32());

        var completed = await tenant.Reaches(await tenant.OrderNode("medium", "osaka"), "completed");

        // Ordered in the second the period began in, or a little later: all of the month, or nearly.
        var paid = completed.GetProperty("paid_jpy").GetInt64();
        Assert.InRange(paid, MediumJpy - 10, MediumJpy);
        Assert.Equal(new Balance(2, 4_980 + paid, 0, 1), await stripe.Balance(tenant.AccountId));
        var nodes = (await tenant.Visitor.Get("/api/workspace/nodes")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(
            [("small", "tokyo", true), ("medium", "osaka", false)],
            nodes.Select(node => (Text(node, "size"), Text(node, "region"), node.GetProperty("included").GetBoolean())));
        Assert.Equal(MediumJpy, nodes[1].GetProperty("monthly").GetProperty("jpy").GetInt32());
        Assert.Equal(
            nodes.Select(node => $"{tenant.Namespace}-{Text(node, "name")}").Order(StringComparer.Ordinal),
            (await cluster.NodesAskedFor(tenant.Namespace)).Order(StringComparer.Ordinal));
        Assert.Equal(("pro", true), await tenant.Plan());
    }

    [Fact]
    public async Task When_the_card_is_refused_nothing_has_changed()
    {
        using var tenant = await Tenant.New(fixture.Platform);
        var upgrade = await tenant.Upgrade("pm_card_authenticationRequired"); // at each charge, and at this one its owner is not there
        await stripe.Authenticate(Text(await tenant.WaitsFor(upgrade, "authentication"), "client_secret"), succeeds: true);
        await tenant.Confirm(upgrade);
        await tenant.Reaches(upgrade, "completed");

        var refused = await tenant.Reaches(await tenant.OrderNode("small", "tokyo"), "refused");

        Assert.NotEmpty(Text(refused.GetProperty("failure"), "code"));
        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
        Assert.Single(await cluster.NodesAskedFor(tenant.Namespace));
        Assert.Equal(("pro", true), await tenant.Plan());
    }

    [Fact]
    public async Task Without_a_machine_the_money_is_given_back()
    {
        using var tenant = await Tenant.OnPro(fixture.Platform);
        await cluster.RunShort("singapore");

        var abandoned = await tenant.Reaches(await tenant.OrderNode("small", "singapore"), "abandoned");

        var paid = abandoned.GetProperty("paid_jpy").GetInt64();
        Assert.True(paid > 0);
        Assert.Equal(paid, abandoned.GetProperty("refunded_jpy").GetInt64());
        Assert.Equal(QuickChanges.NodeAttempts, abandoned.GetProperty("failed_tries").GetInt32());
        Assert.Equal(new Balance(2, 4_980 + paid, paid, 1), await stripe.Balance(tenant.AccountId));
        var subscription = Assert.Single((await stripe.Customer(tenant.AccountId)).GetProperty("subscriptions").EnumerateArray());
        Assert.Single(subscription.GetProperty("items").GetProperty("data").EnumerateArray());
        Assert.Single((await tenant.Visitor.Get("/api/workspace/nodes")).GetProperty("items").EnumerateArray());
        Assert.Single(await cluster.NodesAskedFor(tenant.Namespace));
    }

    [Fact]
    public async Task On_plan_hobby_there_is_none_to_be_had()
    {
        using var tenant = await Tenant.New(fixture.Platform);
        var order = new { size = "small", region = "tokyo", terms_accepted = true };
        var refused = await tenant.Visitor.PostFor("/api/workspace/nodes", order, HttpStatusCode.Conflict, "k");
        Assert.Equal("WORKSPACE_NOT_ON_PRO", Text(refused, "code"));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
