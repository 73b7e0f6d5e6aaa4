using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>Apps move to the dedicated node and back, and their visitors do not notice (product rule 15).</summary>
[Collection(PlatformCollection.Name)]
public sealed class MigrationTests(MigrationTests.Quick fixture) : IClassFixture<MigrationTests.Quick>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly (string Name, int Replicas)[] Apps = [("single", 1), ("pair", 2), ("three", 3)];

    private readonly SimulatedCluster cluster = new(fixture.Platform);

    private readonly Visitor owner = new(fixture.Platform);

    private string ns = "";

    public async Task InitializeAsync()
    {
        await cluster.SetFaults(new { node_join_seconds = 1 });
        await owner.SignIn($"mover-{Guid.NewGuid():N}@example.com");
        var workspace = (await owner.Get("/api/me")).GetProperty("workspace").GetProperty("id").GetString()!;
        ns = "ws-" + workspace["w_".Length..];
    }

    public Task DisposeAsync()
    {
        owner.Dispose();
        cluster.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task No_visitor_is_turned_away_while_apps_move_to_the_dedicated_node()
    {
        await Deploy(Apps);
        await AnswersAll(Apps, async () => await Finished(await Upgrade(), "completed"));
        foreach (var (app, replicas) in Apps)
        {
            Assert.Equal(new AppStanding(replicas, OnShared: 0, OnDedicated: replicas, IsPaused: false), await cluster.Look(ns, app));
            Assert.Equal(replicas, await cluster.FewestReady(ns, app));
        }
    }

    [Fact]
    public async Task A_single_copy_gets_a_second_one_then_both_move_and_one_goes()
    {
        await Deploy(("single", 1));
        var seen = new List<AppStanding>();
        var id = await Upgrade();
        await Eventually.Holds(
            async () =>
            {
                seen.Add(await cluster.Look(ns, "single"));
                return (await Read(id)).GetProperty("status").GetString();
            },
            status => status == "completed",
            within: Patience);
        AppStanding[] phases =
        [
            new(Replicas: 1, OnShared: 1, OnDedicated: 0, IsPaused: false),
            new(Replicas: 2, OnShared: 2, OnDedicated: 0, IsPaused: false),
            new(Replicas: 2, OnShared: 0, OnDedicated: 2, IsPaused: false),
            new(Replicas: 1, OnShared: 0, OnDedicated: 1, IsPaused: false),
        ];
        Assert.Equal(phases, seen.Distinct().Where(phases.Contains));
        Assert.Equal(1, await cluster.FewestReady(ns, "single"));
    }

    [Fact]
    public async Task A_rollout_is_held_while_answers_are_slow_and_goes_on_when_they_are_not()
    {
        (string, int)[] apps = [("slow", 4)];
        await Deploy(apps);
        await cluster.SetFaults(new
        {
            node_join_seconds = 1,
            latency = new[] { new { milliseconds = 1500, @namespace = ns, node_kind = "dedicated" } },
        });
        await AnswersAll(apps, async () =>
        {
            var id = await Upgrade();
            var held = await Eventually.Holds(() => Read(id), upgrade => upgrade.TryGetProperty("waiting_for", out _), within: Patience);
            Assert.Equal("slow_workload", held.GetProperty("waiting_for").GetProperty("kind").GetString());
            await Eventually.Holds(() => cluster.Look(ns, "slow"), app => app is { IsPaused: true, OnShared: > 0, OnDedicated: > 0 });

            await cluster.SetFaults(new { });
            await Finished(id, "completed");
        });
        Assert.Equal(new AppStanding(Replicas: 4, OnShared: 0, OnDedicated: 4, IsPaused: false), await cluster.Look(ns, "slow"));
        Assert.Equal(4, await cluster.FewestReady(ns, "slow"));
        var log = await owner.Get("/api/workspace/log?limit=100");
        var told = log.GetProperty("items").EnumerateArray().Select(line => line.GetProperty("event").GetString());
        Assert.Superset(new HashSet<string?> { "move_paused", "move_resumed" }, told.ToHashSet());
    }

    [Fact]
    public async Task An_app_that_is_not_healthy_on_the_dedicated_node_goes_back_and_support_can_take_everything_back()
    {
        (string, int)[] apps = [("sick", 2), ("well", 2)];
        await Deploy(apps);
        await cluster.SetFaults(new
        {
            node_join_seconds = 1,
            pods = new[] { new { symptom = "never_ready", @namespace = ns, app = "sick", node_kind = "dedicated" } },
        });
        await AnswersAll(apps, async () =>
        {
            var id = await Upgrade();
            var asked = await Eventually.Holds(
                () => Read(id), upgrade => upgrade.GetProperty("status").GetString() == "needs_support", within: Patience);
            Assert.Equal("WORKLOAD_NOT_MOVED", asked.GetProperty("failure").GetProperty("code").GetString());
            Assert.Equal(new AppStanding(Replicas: 2, OnShared: 2, OnDedicated: 0, IsPaused: false), await cluster.Look(ns, "sick"));
            Assert.Equal(new AppStanding(Replicas: 2, OnShared: 0, OnDedicated: 2, IsPaused: false), await cluster.Look(ns, "well"));

            using var support = await Visitor.Operator(fixture.Platform);
            var answer = new { action = "abort", note = "given up" };
            await support.PostFor($"/api/admin/upgrades/{id}/resolve", answer, HttpStatusCode.OK, Guid.NewGuid().ToString());
            await Finished(id, "abandoned");
        });
        foreach (var (app, replicas) in apps)
        {
            Assert.Equal(new AppStanding(replicas, OnShared: replicas, OnDedicated: 0, IsPaused: false), await cluster.Look(ns, app));
            Assert.Equal(replicas, await cluster.FewestReady(ns, app));
        }
    }

    [Fact]
    public async Task No_visitor_is_turned_away_while_a_downgrade_moves_apps_back()
    {
        await Deploy(Apps);
        await Finished(await Upgrade(), "completed");
        await EndSubscription();
        await AnswersAll(Apps, async () =>
        {
            var asked = await owner.PostFor("/api/workspace/downgrade", new { }, HttpStatusCode.Accepted, "down");
            var id = asked.GetProperty("downgrade_id").GetString();
            await Eventually.Holds(
                () => owner.Get($"/api/workspace/downgrade/{id}?wait=20"),
                downgrade => downgrade.GetProperty("status").GetString() == "completed",
                within: Patience);
        });
        foreach (var (app, replicas) in Apps)
        {
            Assert.Equal(new AppStanding(replicas, OnShared: replicas, OnDedicated: 0, IsPaused: false), await cluster.Look(ns, app));
            Assert.Equal(replicas, await cluster.FewestReady(ns, app));
        }
    }

    private async Task Deploy(params IEnumerable<(string Name, int Replicas)> apps)
    {
        foreach (var (app, replicas) in apps)
            await cluster.Deploy(ns, app, replicas);
    }

    private async Task<string> Upgrade()
    {
        var ask = new { payment_method = "pm_card_visa", terms_accepted = true };
        return (await owner.PostFor("/api/workspace/upgrade", ask, HttpStatusCode.Accepted, "up")).GetProperty("upgrade_id").GetString()!;
    }

    private Task<JsonElement> Read(string upgrade) => owner.Get($"/api/workspace/upgrade/{upgrade}");

    private Task Finished(string upgrade, string status) => Eventually.Holds(
        () => owner.Get($"/api/workspace/upgrade/{upgrade}?wait=20"),
        found => found.GetProperty("status").GetString() == status,
        within: Patience);

    /// <summary>Apps have visitors while something happens, and every one of them gets an answer.</summary>
    private async Task AnswersAll(IEnumerable<(string Name, int Replicas)> apps, Func<Task> happens)
    {
        var visits = apps.Select(app => cluster.Visit(ns, app.Name)).ToList();
        (int Answers, IReadOnlyList<string> Failures)[] all;
        try
        {
            await happens();
        }
        finally
        {
            all = await Task.WhenAll(visits.Select(visit => visit.Leave()));
        }
        Assert.All(all, got =>
        {
            Assert.Empty(got.Failures);
            Assert.NotEqual(0, got.Answers);
        });
    }

    /// <summary>The payment provider ends what the account has subscribed to: its period is over at once.</summary>
    private async Task EndSubscription()
    {
        using var provider = new HttpClient { BaseAddress = fixture.Platform.Address };
        var key = await File.ReadAllTextAsync(Path.Combine(fixture.Platform.Folder, ".hexabase", "payments-key"));
        provider.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        var customers = JsonElement.Parse(await provider.GetStringAsync($"/admin/simulators/stripe/customers?account={owner.AccountId}"));
        var customer = customers.GetProperty("customers")[0].GetProperty("id").GetString();
        var detail = JsonElement.Parse(await provider.GetStringAsync($"/admin/simulators/stripe/customers/{customer}"));
        var subscription = detail.GetProperty("subscriptions")[0].GetProperty("id").GetString();
        using var reply = await provider.DeleteAsync($"/simulators/stripe/v1/subscriptions/{subscription}");
        reply.EnsureSuccessStatusCode();
    }

    /// <summary>A platform that looks often and is soon impatient.</summary>
    public sealed class Quick : IAsyncLifetime
    {
        public PlatformProcess Platform { get; private set; } = null!;

        public async Task InitializeAsync() => Platform = await PlatformProcess.Start(
            seed: false,
            ("Upgrade__Node__Poll", "00:00:00.2"),
            ("Upgrade__Migration__Poll", "00:00:00.1"),
            ("Upgrade__Migration__HealthyWithin", "00:00:08"),
            ("Upgrade__Migration__RetryAfter", "00:00:01"),
            ("Upgrade__UndoRetryAfter", "00:00:02"),
            ("Downgrade__RetryAfter", "00:00:02"));

        public async Task DisposeAsync() => await Platform.DisposeAsync();
    }
}
