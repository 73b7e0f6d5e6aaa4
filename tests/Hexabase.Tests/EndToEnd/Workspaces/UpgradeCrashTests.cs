using System.Net;
using System.Text.Json;
using Hexabase.Domain.Workspaces.Upgrades;
using Xunit.Abstractions;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>Upgrades whose processes die and whose calls get lost: they go on by themselves, and end as if nothing had been.</summary>
public sealed class UpgradeCrashTests(ITestOutputHelper output)
{
    private const int Kills = 50;
    private const int AtOnce = 2;
    private const int MostTenants = 12;

    /// <summary>The apps by their copies.</summary>
    private static readonly (string Name, int Replicas)[] Apps = [("web", 2), ("worker", 1)];

    /// <summary>The whole audit trail.</summary>
    private static readonly string[] Trail =
    [
        "asked", "customer_known", "method_accepted", "payment_begun", "payment_taken", "plan_changed", "node_asked", "node_ready",
        "workloads_listed", "move_begun", "workload_moved", "move_begun", "workload_moved", "workloads_listed", "features_enabled",
        "announced",
    ];

    private static readonly IReadOnlyList<(string Name, string Value)> Quick =
    [
        ("Upgrade__ReviveEvery", "00:00:01"),
        ("Upgrade__Node__Poll", "00:00:00.2"),
        ("Upgrade__Migration__Poll", "00:00:00.2"),
        ("Upgrade__Migration__SlowAtLeast", "00:00:30"), // Answers are slow while programs start all the time: no app is to blame.
        ("Upgrade__Retry__First", "00:00:00.2"),
        ("Upgrade__Retry__Longest", "00:00:01"),
    ];

    [Fact]
    public async Task Under_50_SIGKILLs_of_app_and_host_every_upgrade_is_completed_and_has_its_effects_once()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var platform = await PlatformProcess.Start(seed: false, Quick);
        var waiting = new Queue<Tenant>(await Task.WhenAll(Enumerable.Range(0, MostTenants).Select(_ => TenantWithApps(platform))));
        var upgrades = new List<(Tenant Tenant, string Upgrade)>();
        await using var kills = new RandomKills(platform, seed, output);
        for (var kill = 0; kill < Kills; kill++)
        {
            while ((await kills.UnderWay()).Count < AtOnce && waiting.TryDequeue(out var tenant))
            {
                upgrades.Add((tenant, await tenant.Upgrade("pm_card_visa")));
                kills.Watch(upgrades[^1].Upgrade);
            }
            await kills.Next();
            var visitor = upgrades[0].Tenant.Visitor;
            await platform.Persist(() => visitor.Get(upgrades[0].Upgrade));

            // Its timer comes twice a minute. Now, so that few kills meet sagas that only wait for it.
            await visitor.PostFor("/admin/functions/ReviveUpgrades", new { }, HttpStatusCode.Accepted);
        }

        output.WriteLine($"{upgrades.Count} upgrades; {string.Join(", ", kills.Met.Select(met => $"{met.Key}: {met.Value}"))}");
        foreach (var (tenant, upgrade) in upgrades)
        {
            await AssertCompletedOnce(platform, tenant, upgrade);
            tenant.Dispose();
        }
        foreach (var step in new[] { UpgradeStepName.Payment, UpgradeStepName.Node, UpgradeStepName.Migration })
            Assert.True(kills.Met.ContainsKey(step), $"No kill met {step}.");
        foreach (var tenant in waiting)
            tenant.Dispose();
    }

    [Fact]
    public async Task Calls_that_the_network_loses_are_made_again_and_have_their_effect_once()
    {
        const int AllTriesOfTheAdapter = 4; // Then it is for the saga to try the step again.
        await using var platform = await PlatformProcess.Start(seed: false, Quick);
        using var tenant = await TenantWithApps(platform);
        var network = new LossyNetwork(platform);
        foreach (var call in new[] { "POST /v1/customers*", "POST /v1/setup_intents", "POST /v1/prices" })
            await network.FailPayments(call, "drop_after", times: 1);
        await network.FailPayments("POST /v1/subscriptions", "drop_after", AllTriesOfTheAdapter);
        await network.FailCluster(times: 3);

        var upgrade = await tenant.Upgrade("pm_card_visa");

        await AssertCompletedOnce(platform, tenant, upgrade);
        Assert.Empty(await network.PaymentsStillToFail());
    }

    private static async Task<Tenant> TenantWithApps(PlatformProcess platform)
    {
        var tenant = await Tenant.New(platform);
        var cluster = new SimulatedCluster(platform);
        foreach (var (app, replicas) in Apps)
            await cluster.Deploy(tenant.Namespace, app, replicas);
        return tenant;
    }

    private static async Task AssertCompletedOnce(PlatformProcess platform, Tenant tenant, string upgrade)
    {
        var completed = await tenant.Reaches(upgrade, "completed");
        Assert.Equal(100, completed.GetProperty("percent").GetInt32());
        Assert.Equal(("pro", true), await tenant.Plan());
        Assert.Equal(Trail, (await tenant.Log()).Select(line => Text(line, "event")));
        Assert.Equal(["upgrade_completed"], await tenant.Told());

        var stripe = new SimulatedStripe(platform);
        Assert.Equal(Balance.OnePro, await stripe.Balance(tenant.AccountId));
        var invoices = (await stripe.Customer(tenant.AccountId)).GetProperty("invoices").EnumerateArray();
        Assert.Equal("paid", Text(Assert.Single(invoices), "status"));

        var cluster = new SimulatedCluster(platform);
        Assert.Single(await cluster.NodesAskedFor(tenant.Namespace));
        foreach (var (app, replicas) in Apps)
        {
            Assert.Equal(AppStanding.Dedicated(replicas), AppStanding.Of(await cluster.App(tenant.Namespace, app)));
            Assert.Equal(replicas, await cluster.FewestReady(tenant.Namespace, app));
        }
    }

    private static string? Text(JsonElement from, string name) => from.GetProperty(name).GetString();
}
