using System.Net;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>Apps move to the dedicated node and back, and their visitors do not notice (product rule 15).</summary>
[Collection(QuietCollection.Name)]
public sealed class MigrationTests(PlatformFixture fixture) : IAsyncLifetime
{
    private static readonly (string Name, int Replicas)[] Apps = [("single", 1), ("pair", 2), ("three", 3)];

    private readonly SimulatedCluster cluster = new(fixture.Platform);
    private Tenant tenant = null!;

    public async Task InitializeAsync()
    {
        await cluster.Heal();
        tenant = await Tenant.New(fixture.Platform);
    }

    public async Task DisposeAsync()
    {
        await cluster.Heal();
        tenant.Dispose();
    }

    [Fact]
    public async Task No_visitor_is_turned_away_while_apps_move_to_the_dedicated_node()
    {
        await Deploy(Apps);
        await AnswersAll(Apps, async () => await tenant.Reaches(await tenant.Upgrade("pm_card_visa"), "completed"));
        foreach (var (app, replicas) in Apps)
        {
            Assert.Equal(AppStanding.Dedicated(replicas), await Standing(app));
            Assert.Equal(replicas, await cluster.FewestReady(tenant.Namespace, app));
        }
    }

    [Fact]
    public async Task No_visitor_is_turned_away_while_a_downgrade_moves_apps_back()
    {
        await Deploy(Apps);
        await tenant.Reaches(await tenant.Upgrade("pm_card_visa"), "completed");
        await AnswersAll(Apps, async () =>
        {
            var downgrade = await tenant.Downgrade();
            await Eventually.Holds(() => tenant.Visitor.Get(downgrade), seen => seen.TryGetProperty("ends_at", out _));
            await new SimulatedStripe(fixture.Platform).AdvanceClock(TimeSpan.FromDays(32));
            await tenant.Reaches(downgrade, "completed");
        });
        foreach (var (app, replicas) in Apps)
        {
            Assert.Equal(AppStanding.Shared(replicas), await Standing(app));
            Assert.Equal(replicas, await cluster.FewestReady(tenant.Namespace, app));
        }
    }

    [Fact]
    public async Task A_single_copy_gets_a_second_one_then_both_move_and_one_goes()
    {
        await Deploy(("single", 1));
        await cluster.SlowDown();
        var upgrade = await tenant.Upgrade("pm_card_visa");
        var seen = new List<AppStanding>();
        await Eventually.Holds(
            async () =>
            {
                seen.Add(await Standing("single"));
                return (await tenant.Visitor.Get(upgrade)).GetProperty("status").GetString();
            },
            status => status == "completed",
            within: TimeSpan.FromMinutes(2));
        AppStanding[] phases = [AppStanding.Shared(1), AppStanding.Shared(2), AppStanding.Dedicated(2), AppStanding.Dedicated(1)];
        Assert.Equal(phases, seen.Distinct().Where(phases.Contains));
        Assert.Equal(1, await cluster.FewestReady(tenant.Namespace, "single"));
    }

    [Fact]
    public async Task A_rollout_is_held_while_new_copies_are_slow_and_goes_on_when_they_are_not()
    {
        (string, int)[] apps = [("web", 4)];
        await Deploy(apps);
        await cluster.SlowDown(answersOnDedicatedNodes: TimeSpan.FromMilliseconds(800));
        await AnswersAll(apps, async () =>
        {
            var upgrade = await tenant.Upgrade("pm_card_visa");
            await tenant.WaitsFor(upgrade, "slow_workload");
            await Eventually.Holds(() => Standing("web"), app => app is { IsPaused: true, OnShared: > 0, OnDedicated: > 0 });

            await cluster.Heal();
            await tenant.Reaches(upgrade, "completed");
        });
        Assert.Equal(AppStanding.Dedicated(4), await Standing("web"));
        Assert.Equal(4, await cluster.FewestReady(tenant.Namespace, "web"));
        var told = (await tenant.Log()).Select(line => line.GetProperty("event").GetString()).ToList();
        Assert.InRange(told.IndexOf("move_paused"), 0, told.LastIndexOf("move_resumed"));
    }

    [Fact]
    public async Task An_app_that_gets_no_ready_copy_there_goes_back_the_others_move_and_when_support_gives_up_all_go_back()
    {
        (string, int)[] apps = [("sick", 2), ("well", 2)];
        await Deploy(apps);
        await cluster.Sicken(tenant.Namespace, "sick");
        await AnswersAll(apps, async () =>
        {
            var upgrade = await tenant.Upgrade("pm_card_visa");
            var asked = await tenant.Reaches(upgrade, "needs_support");
            Assert.Equal("WORKLOAD_NOT_MOVED", asked.GetProperty("failure").GetProperty("code").GetString());
            Assert.Equal((AppStanding.Shared(2), AppStanding.Dedicated(2)), (await Standing("sick"), await Standing("well")));

            using var support = await fixture.Operator();
            var id = asked.GetProperty("upgrade_id").GetString();
            await support.PostFor($"/api/admin/upgrades/{id}/resolve", new { action = "abort" }, HttpStatusCode.OK, $"abort-{id}");
            await tenant.Reaches(upgrade, "abandoned");
        });
        foreach (var (app, replicas) in apps)
        {
            Assert.Equal(AppStanding.Shared(replicas), await Standing(app));
            Assert.Equal(replicas, await cluster.FewestReady(tenant.Namespace, app));
        }
    }

    private async Task Deploy(params IEnumerable<(string Name, int Replicas)> apps)
    {
        foreach (var (app, replicas) in apps)
            await cluster.Deploy(tenant.Namespace, app, replicas);
    }

    private async Task<AppStanding> Standing(string app) => AppStanding.Of(await cluster.App(tenant.Namespace, app));

    /// <summary>Each app has visitors while something happens, and every one of them gets an answer.</summary>
    private async Task AnswersAll(IEnumerable<(string Name, int Replicas)> apps, Func<Task> happens)
    {
        var visitors = apps.Select(app => new AppVisitors(() => cluster.Visit(tenant.Namespace, app.Name))).ToList();
        IReadOnlyList<HttpStatusCode>[] answers;
        try
        {
            await happens();
        }
        finally
        {
            answers = await Task.WhenAll(visitors.Select(visitor => visitor.Leave()));
        }
        Assert.All(answers, ofApp => Assert.Equal([HttpStatusCode.OK], ofApp.Distinct()));
    }
}
