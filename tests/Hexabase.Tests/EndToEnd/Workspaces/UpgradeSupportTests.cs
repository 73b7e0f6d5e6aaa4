using System.Globalization;
using System.Net;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>Alternative flow 5b: there is no machine for the node, or an app cannot be moved, and support decides.</summary>
[Collection(PlatformCollection.Name)]
public sealed class UpgradeSupportTests(PlatformFixture fixture) : IAsyncLifetime
{
    private readonly SimulatedStripe stripe = new(fixture.Platform);
    private readonly SimulatedCluster cluster = new(fixture.Platform);
    private Tenant tenant = null!;
    private Visitor support = null!;

    public async Task InitializeAsync()
    {
        await cluster.Heal();
        tenant = await Tenant.New(fixture.Platform);
        support = await fixture.Operator();
    }

    public async Task DisposeAsync()
    {
        await cluster.Heal();
        tenant.Dispose();
        support.Dispose();
    }

    [Fact]
    public async Task Without_a_machine_it_is_tried_as_often_as_configured_then_support_is_given_the_facts()
    {
        var upgrade = await InShortage();

        var ticket = Assert.Single(await Tickets(upgrade));
        var facts = ticket.GetProperty("facts");
        Assert.Equal(
            ("needs_support", "node", "NODE_SHORTAGE", "4980", QuickChanges.NodeAttempts.ToString(CultureInfo.InvariantCulture)),
            (Text(facts, "status"), Text(facts, "step"), Text(facts, "code"), Text(facts, "paid_jpy"), Text(facts, "node_tries")));
        Assert.StartsWith("small in tokyo", Text(facts, "node"), StringComparison.Ordinal);
        Assert.Equal(
            (tenant.AccountId, Text((await stripe.Customer(tenant.AccountId)).GetProperty("subscriptions")[0], "id")),
            (Text(ticket, "account_id"), Text(facts, "subscription")));
        Assert.Equal(QuickChanges.NodeAttempts, (await tenant.Log()).Count(line => Text(line, "event") == "node_failed"));
        Assert.Equal("support", Text((await tenant.Visitor.Get(upgrade)).GetProperty("waiting_for"), "kind"));
        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
    }

    [Fact]
    public async Task Support_lets_it_try_again_once_there_are_machines()
    {
        var upgrade = await InShortage();
        await cluster.Heal();
        await Resolve(upgrade, new { action = "retry", note = "tokyo has machines again" });

        await tenant.Reaches(upgrade, "completed");
        Assert.Empty(await Tickets(upgrade));
        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
        Assert.Single(await cluster.NodesAskedFor(tenant.Namespace));
        var answer = (await tenant.Log()).Single(line => Text(line, "event") == "support_retried");
        Assert.Equal((support.AccountId, "tokyo has machines again"), (Text(answer, "by"), Text(answer, "detail")));
    }

    [Fact]
    public async Task Support_places_the_node_elsewhere()
    {
        var upgrade = await InShortage();
        await Resolve(upgrade, new { action = "place", region = "osaka" });

        var completed = await tenant.Reaches(upgrade, "completed");
        Assert.Equal(("small", "osaka"), (Text(completed.GetProperty("node"), "size"), Text(completed.GetProperty("node"), "region")));
        Assert.Equal("osaka", Text(Assert.Single((await tenant.PlanPage()).GetProperty("nodes").EnumerateArray()), "region"));
        Assert.Single(await cluster.NodesAskedFor(tenant.Namespace));
        Assert.Empty(await Tickets(upgrade));
    }

    [Fact]
    public async Task Support_gives_it_up_and_everything_is_as_before()
    {
        await cluster.Deploy(tenant.Namespace, "web", 2);
        await cluster.Deploy(tenant.Namespace, "broken", 1);
        await cluster.Sicken(tenant.Namespace, "broken");
        var upgrade = await tenant.Upgrade("pm_card_visa");
        var stuck = await tenant.Reaches(upgrade, "needs_support");
        Assert.Equal("WORKLOAD_NOT_MOVED", Text(stuck.GetProperty("failure"), "code"));
        var node = Text(stuck.GetProperty("node"), "node_name");

        for (var i = 0; i < 2; i++)
            await Resolve(upgrade, new { action = "abort", note = "it does not start there" }, key: "abort");
        var abandoned = await tenant.Reaches(upgrade, "abandoned");

        Assert.Equal(4_980, abandoned.GetProperty("payment").GetProperty("refunded_jpy").GetInt64());
        Assert.Equal(Balance.OneProGivenBack, await stripe.Balance(tenant.AccountId));
        Assert.Equal(("hobby", true), await tenant.Plan());
        Assert.Empty((await tenant.PlanPage()).GetProperty("nodes").EnumerateArray());
        Assert.Empty(await cluster.NodesAskedFor(tenant.Namespace));
        var state = await cluster.State(tenant.Namespace);
        Assert.DoesNotContain(state.GetProperty("nodes").EnumerateArray(), known => Text(known, "name") == node);
        Assert.All(
            state.GetProperty("deployments").EnumerateArray().SelectMany(app => app.GetProperty("pods").EnumerateArray()),
            pod => Assert.StartsWith("shared-", Text(pod, "node"), StringComparison.Ordinal));
        Assert.Equal(
            (2, 1),
            (await cluster.FewestReady(tenant.Namespace, "web"), await cluster.FewestReady(tenant.Namespace, "broken")));
        Assert.Equal(["upgrade_held", "upgrade_abandoned"], await tenant.Told());
        Assert.Single(await tenant.Log(), line => Text(line, "event") == "support_aborted");
        Assert.Empty(await Tickets(upgrade));
    }

    [Fact]
    public async Task A_given_up_upgrade_may_be_followed_by_another()
    {
        var upgrade = await InShortage();
        await Resolve(upgrade, new { action = "abort" });
        await tenant.Reaches(upgrade, "abandoned");
        await cluster.Heal();

        await tenant.Reaches(await tenant.Upgrade("pm_card_visa"), "completed");
        Assert.Equal(new Balance(2, 2 * 4_980, 4_980, 1), await stripe.Balance(tenant.AccountId));
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_is_refused()
    {
        var upgrade = await InShortage();
        await Refused(upgrade, new { action = "place" }, HttpStatusCode.BadRequest, "size");
        await Refused(upgrade, new { action = "place", region = "atlantis" }, HttpStatusCode.BadRequest, "region");
        await Refused(upgrade, new { action = "retry", size = "large" }, HttpStatusCode.BadRequest, "size");
        await Refused(upgrade, new { note = "hm" }, HttpStatusCode.BadRequest, "action");
        await Resolve(upgrade, new { action = "abort" }, "once");
        await Refused(upgrade, new { action = "retry" }, HttpStatusCode.UnprocessableEntity, field: null, "once");
        await tenant.Reaches(upgrade, "abandoned");
        await Refused(upgrade, new { action = "retry" }, HttpStatusCode.Conflict, field: null);
    }

    /// <summary>An upgrade that has found no machine; its address.</summary>
    private async Task<string> InShortage()
    {
        await cluster.RunShort("tokyo");
        var upgrade = await tenant.Upgrade("pm_card_visa");
        await tenant.Reaches(upgrade, "needs_support");
        await Eventually.Holds(() => Tickets(upgrade), tickets => tickets.Count > 0);
        return upgrade;
    }

    private async Task<IReadOnlyList<JsonElement>> Tickets(string upgrade)
    {
        var open = (await support.Get("/api/admin/tickets?limit=100")).GetProperty("items").EnumerateArray();
        return [.. open.Where(ticket => upgrade.EndsWith(Text(ticket, "change_id"), StringComparison.Ordinal))];
    }

    private Task<JsonElement> Resolve(string upgrade, object answer, string? key = null) =>
        support.PostFor(ResolutionOf(upgrade), answer, HttpStatusCode.OK, key ?? Guid.NewGuid().ToString());

    private async Task Refused(string upgrade, object answer, HttpStatusCode status, string? field, string? key = null)
    {
        var problem = await support.PostFor(ResolutionOf(upgrade), answer, status, key ?? Guid.NewGuid().ToString());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
    }

    private static string ResolutionOf(string upgrade) => $"/api/admin/upgrades/{upgrade.Split('/')[^1]}/resolve";

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
