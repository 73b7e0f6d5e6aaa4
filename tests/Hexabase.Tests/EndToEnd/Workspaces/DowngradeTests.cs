using System.Net;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>Going back to plan hobby with the end of the paid period.</summary>
[Collection(PlatformCollection.Name)]
public sealed class DowngradeTests(PlatformFixture fixture) : IAsyncLifetime
{
    private readonly SimulatedStripe stripe = new(fixture.Platform);
    private readonly SimulatedCluster cluster = new(fixture.Platform);
    private Tenant tenant = null!;

    public async Task InitializeAsync()
    {
        await cluster.Heal();
        tenant = await Tenant.New(fixture.Platform);
        await cluster.Deploy(tenant.Namespace, "web", 2);
        await tenant.Reaches(await tenant.Upgrade("pm_card_visa"), "completed");
    }

    public Task DisposeAsync()
    {
        tenant.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_waits_for_the_end_of_the_period_and_then_everything_goes_back()
    {
        var downgrade = await tenant.Downgrade();
        var waiting = await Scheduled(downgrade);
        var item = (await Subscription()).GetProperty("items").GetProperty("data")[0];
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(item.GetProperty("current_period_end").GetInt64()),
            waiting.GetProperty("ends_at").GetDateTimeOffset());
        var page = await tenant.PlanPage();
        Assert.Equal("pro", page.GetProperty("plan").GetString());
        Assert.EndsWith(page.GetProperty("pending_downgrade").GetProperty("id").GetString()!, downgrade, StringComparison.Ordinal);
        Assert.Single(await cluster.NodesAskedFor(tenant.Namespace));

        await stripe.AdvanceClock(TimeSpan.FromDays(32));
        var completed = await tenant.Reaches(downgrade, "completed");

        Assert.All(completed.GetProperty("steps").EnumerateArray(), step => Assert.True(step.GetProperty("done").GetBoolean()));
        Assert.Equal(("hobby", true), await tenant.Plan());
        Assert.Equal(10, (await tenant.PlanPage()).GetProperty("features").GetProperty("storage_gb").GetInt32());
        Assert.Equal(Balance.OnePro with { Subscriptions = 0 }, await stripe.Balance(tenant.AccountId));
        Assert.Empty(await cluster.NodesAskedFor(tenant.Namespace));
        var app = await cluster.App(tenant.Namespace, "web");
        Assert.All(
            app.GetProperty("pods").EnumerateArray(),
            pod => Assert.StartsWith("shared-", Text(pod, "node"), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await cluster.Visit(tenant.Namespace, "web"));
        Assert.Equal(2, await cluster.FewestReady(tenant.Namespace, "web"));
        Assert.Equal(["upgrade_completed", "downgrade_scheduled", "downgrade_completed"], await tenant.Told());
    }

    [Fact]
    public async Task Taken_back_the_subscription_goes_on()
    {
        var downgrade = await tenant.Downgrade();
        await Scheduled(downgrade);
        Assert.True(await EndsWithPeriod());

        using (var reply = await tenant.Visitor.Delete("/api/workspace/downgrade"))
            Assert.Equal((HttpStatusCode.Accepted, downgrade), (reply.StatusCode, reply.Headers.Location?.OriginalString));
        await tenant.Reaches(downgrade, "withdrawn");

        Assert.False(await EndsWithPeriod());
        Assert.Equal(("pro", true), await tenant.Plan());
        Assert.False((await tenant.PlanPage()).TryGetProperty("pending_downgrade", out _));
        Assert.Equal(["upgrade_completed", "downgrade_scheduled", "downgrade_withdrawn"], await tenant.Told());
        using var nothing = await tenant.Visitor.Delete("/api/workspace/downgrade");
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
    }

    [Fact]
    public async Task One_at_a_time_may_wait()
    {
        var downgrade = await tenant.Downgrade();
        var refused = await tenant.Visitor.PostFor("/api/workspace/downgrade", new { }, HttpStatusCode.Conflict, "second");
        Assert.Equal("DOWNGRADE_PENDING", Text(refused, "code"));
        Assert.EndsWith(Text(refused, "pending"), downgrade, StringComparison.Ordinal);
    }

    /// <summary>The downgrade once the payment provider knows of it.</summary>
    private Task<JsonElement> Scheduled(string downgrade) => Eventually.Holds(
        () => tenant.Visitor.Get(downgrade), seen => seen.TryGetProperty("ends_at", out _));

    private async Task<bool> EndsWithPeriod() => (await Subscription()).GetProperty("cancel_at_period_end").GetBoolean();

    private async Task<JsonElement> Subscription() =>
        Assert.Single((await stripe.Customer(tenant.AccountId)).GetProperty("subscriptions").EnumerateArray());

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
