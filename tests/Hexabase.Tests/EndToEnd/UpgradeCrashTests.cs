using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Tests.Support;
using Xunit.Abstractions;

namespace Hexabase.Tests.EndToEnd;

/// <summary>
/// Upgrades whose processes die and whose calls get lost, on the real platform: they go on by themselves, and end as if nothing had been.
/// </summary>
[Collection(PlatformCollection.Name)]
public sealed class UpgradeCrashTests(ITestOutputHelper output)
{
    private const int Owners = 5;
    private const int Kills = 50;

    /// <summary>All of the audit trail, oldest first.</summary>
    private static readonly string[] Trail =
    [
        "asked", "customer_known", "method_accepted", "payment_begun", "payment_taken", "plan_changed", "node_asked", "node_ready",
        "workloads_listed", "move_begun", "workload_moved", "move_begun", "workload_moved", "workloads_listed", "features_enabled", "announced",
    ];

    private static readonly IReadOnlyList<(string Name, string Value)> Quick =
    [
        ("Upgrade__ReviveEvery", "00:00:01"),
        ("Upgrade__Node__Poll", "00:00:00.3"),
        ("Upgrade__Migration__Poll", "00:00:00.3"),
        ("Upgrade__Migration__SlowAtLeast", "00:01:00"), // A machine that starts programs all the time is slow: that is not the app's fault.
        ("Upgrade__Retry__First", "00:00:00.2"),
        ("Upgrade__Retry__Longest", "00:00:01"),
    ];

    [Fact]
    public async Task Of_5_upgrades_under_50_SIGKILLs_of_app_and_host_each_is_completed_once()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var platform = await PlatformProcess.Start(seed: false, Quick);
        var owners = await Task.WhenAll(Enumerable.Range(0, Owners).Select(_ => UpgradingOwner.New(platform)));
        var kills = new RandomKills(platform, owners, new Random(seed), output);
        for (var kill = 0; kill < Kills; kill++)
        {
            if (kill % (Kills / Owners) == 0)
                await owners[kill / (Kills / Owners)].Start();
            await kills.Next();
        }

        foreach (var owner in owners)
            await AssertCompletedOnce(owner, $"seed {seed}");
        output.WriteLine(string.Join("; ", kills.Met.Select(met => $"{met.Key}: {met.Value}")));
        foreach (var step in new[] { UpgradeStepName.Payment, UpgradeStepName.Node, UpgradeStepName.Migration })
            Assert.True(kills.Met.ContainsKey(step), $"seed {seed}: no kill met {step}");
        foreach (var owner in owners)
            owner.Dispose();
    }

    [Fact]
    public async Task Calls_that_the_network_loses_are_made_again_and_have_their_effect_once()
    {
        await using var platform = await PlatformProcess.Start(seed: false, Quick);
        using var owner = await UpgradingOwner.New(platform);
        string[] calls = ["POST /v1/customers", "POST /v1/customers/*", "POST /v1/setup_intents", "POST /v1/prices", "POST /v1/subscriptions"];
        foreach (var call in calls)
        {
            // More than the adapter tries by itself: the saga has to try the step again.
            await owner.Admin("stripe/faults", new { match = call, kind = "drop_after", times = 5 });
            await owner.Admin("stripe/faults", new { match = call, kind = "drop_before", times = 1 });
            await owner.Admin("stripe/faults", new { match = call, kind = "error500", times = 1 });
        }
        var cuts =
            from method in new[] { "POST", "PATCH", "GET" }
            from fault in new[] { (Status: 0, After: true), (Status: 0, After: false), (Status: 503, After: false) }
            select new { status = fault.Status, after_effect = fault.After, times = 5, method };
        await owner.Admin("kubernetes/faults", new { api = cuts }, HttpMethod.Put);

        await owner.Start();

        await AssertCompletedOnce(owner, "network cut");
        var left = (await owner.Admin("kubernetes/faults")).GetProperty("api").EnumerateArray().Select(fault => fault.GetRawText());
        output.WriteLine(string.Join(" ", left));
    }

    private static async Task AssertCompletedOnce(UpgradingOwner owner, string when)
    {
        var upgrade = await owner.Finished();
        Assert.Equal((when, "completed", 100), (when, upgrade.GetProperty("status").GetString(), upgrade.GetProperty("percent").GetInt32()));

        var customer = Assert.Single((await owner.Admin($"stripe/customers?account={owner.AccountId}")).GetProperty("customers").EnumerateArray());
        Assert.Equal((1, 4_980, 0, 1), (Number(customer, "charges"), Number(customer, "charged_jpy"), Number(customer, "refunded_jpy"), Number(customer, "subscriptions")));
        var paid = await owner.Admin($"stripe/customers/{customer.GetProperty("id").GetString()}");
        Assert.Equal("paid", Assert.Single(paid.GetProperty("invoices").EnumerateArray()).GetProperty("status").GetString());

        var cluster = await owner.Admin($"kubernetes/state?namespace={owner.Namespace}");
        var machine = Assert.Single(
            cluster.GetProperty("machines").EnumerateArray(), machine => Text(machine, "name").StartsWith(owner.Namespace, StringComparison.Ordinal));
        var node = Assert.Single(
            cluster.GetProperty("nodes").EnumerateArray(),
            node => node.GetProperty("taints").EnumerateArray().Any(taint => taint.GetString() == $"dedicated={owner.Namespace}:NoSchedule"));
        Assert.Equal(Text(machine, "node"), Text(node, "name"));
        var readiness = await owner.Admin("kubernetes/readiness");
        foreach (var (app, replicas) in UpgradingOwner.Apps)
        {
            var deployment = cluster.GetProperty("deployments").EnumerateArray().Single(deployment => Text(deployment, "name") == app);
            Assert.Equal((app, replicas, replicas), (app, Number(deployment, "replicas"), Number(deployment, "ready")));
            Assert.All(
                deployment.GetProperty("pods").EnumerateArray().Where(pod => Text(pod, "state") == "Ready"),
                pod => Assert.Equal(Text(node, "name"), Text(pod, "node")));
            Assert.Equal((app, replicas), (app, Number(readiness.GetProperty($"{owner.Namespace}/{app}"), "ready")));
        }

        var trail = (await owner.Get("/api/workspace/log?limit=100")).GetProperty("items").EnumerateArray().Reverse();
        Assert.Equal([when, .. Trail], [when, .. trail.Select(line => Text(line, "event"))]);
        var notices = (await owner.Get("/api/notices")).GetProperty("items").EnumerateArray();
        Assert.Equal("upgrade_completed", Text(Assert.Single(notices), "kind"));
    }

    private static int Number(JsonElement from, string name) => from.GetProperty(name).GetInt32();

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString()!;

    /// <summary>
    /// Kills host, app or both, at one of two kinds of moments: right after the next transition, so that there are kills between all steps,
    /// and after a random while, so that there are some in the middle of them.
    /// </summary>
    private sealed class RandomKills(
        PlatformProcess platform, IReadOnlyList<UpgradingOwner> owners, Random random, ITestOutputHelper output)
    {
        private const int LongestWhile = 1_500;
        private const int ShortAfterTransition = 50;

        /// <summary>How many kills met an upgrade in each step.</summary>
        public SortedDictionary<UpgradeStepName, int> Met { get; } = [];

        public async Task Next()
        {
            await using var documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
            var waited = Stopwatch.StartNew();
            var longest = TimeSpan.FromMilliseconds(random.Next(LongestWhile));
            if (random.Next(2) == 0)
            {
                var before = await Lines(documents);
                while (waited.Elapsed < longest && await Lines(documents) == before)
                    await Task.Delay(1);
                longest = waited.Elapsed + TimeSpan.FromMilliseconds(random.Next(ShortAfterTransition));
            }
            if (longest - waited.Elapsed is { Ticks: > 0 } rest)
                await Task.Delay(rest);

            var what = await Kill();
            var met = await Unfinished(documents);
            foreach (var upgrade in met)
                Met[upgrade.CurrentStep()] = Met.GetValueOrDefault(upgrade.CurrentStep()) + 1;
            var where = string.Join(", ", met.Select(upgrade => string.Create(CultureInfo.InvariantCulture, $"{upgrade.CurrentStep()} ({upgrade.LogLines})")));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} after {waited.ElapsedMilliseconds} ms, in {where}"));
            await owners[0].Get("/api/me");
        }

        private async Task<string> Kill()
        {
            var what = random.Next(3);
            switch (what)
            {
                case 0:
                    await platform.KillApp();
                    return "app";
                case 1:
                    await platform.KillHost();
                    platform.StartAgain();
                    return "host";
                default:
                    await platform.KillBoth();
                    platform.StartAgain();
                    return "both";
            }
        }

        private async Task<int> Lines(IDocumentStore documents) => (await Unfinished(documents)).Sum(upgrade => upgrade.LogLines);

        private async Task<IReadOnlyList<Upgrade>> Unfinished(IDocumentStore documents)
        {
            var found = new List<Upgrade>();
            foreach (var owner in owners.Where(owner => owner.UpgradeId is not null))
                found.Add((await Upgrade.Read(documents, owner.UpgradeId!.Value, default))!.Value);
            return found.FindAll(upgrade => !upgrade.IsFinished());
        }
    }

    /// <summary>An owner of a workspace with two apps, who asks again when there is no answer.</summary>
    private sealed class UpgradingOwner : IDisposable
    {
        public static readonly IReadOnlyList<(string Name, int Replicas)> Apps = [("web", 2), ("worker", 1)];

        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

        private readonly PlatformProcess platform;
        private readonly Visitor visitor;

        private UpgradingOwner(PlatformProcess platform, Visitor visitor) => (this.platform, this.visitor) = (platform, visitor);

        public string AccountId => visitor.AccountId;

        public string Namespace { get; private set; } = "";

        public WorkspaceChangeId? UpgradeId { get; private set; }

        public static async Task<UpgradingOwner> New(PlatformProcess platform)
        {
            var owner = new UpgradingOwner(platform, new Visitor(platform));
            await owner.visitor.SignIn($"owner-{Guid.NewGuid():N}@example.com");
            await using var documents = SqliteDocumentStore.Open(platform.Documents, Containers.All, TimeProvider.System);
            owner.Namespace = (await Workspace.Read(documents, owner.AccountId, default))!.Value.Namespace;
            foreach (var (name, replicas) in Apps)
                await owner.Admin("kubernetes/apps", new { @namespace = owner.Namespace, name, replicas });
            await Eventually.Holds(
                () => owner.Admin("kubernetes/readiness"),
                ready => Apps.All(app => ready.TryGetProperty($"{owner.Namespace}/{app.Name}", out _)),
                "the apps are ready");
            return owner;
        }

        public async Task Start()
        {
            var ask = new { payment_method = "pm_card_visa", terms_accepted = true };
            var reply = await platform.Persist(() => visitor.PostFor("/api/workspace/upgrade", ask, HttpStatusCode.Accepted, "upgrade"));
            Assert.True(WorkspaceChangeId.TryParse(Text(reply, "upgrade_id"), out var id));
            UpgradeId = id;
        }

        public Task<JsonElement> Finished() => Eventually.Holds(
            () => Get($"/api/workspace/upgrade/{UpgradeId}?wait=5"), upgrade => upgrade.TryGetProperty("finished_at", out _), within: Patience);

        public Task<JsonElement> Get(string path) => platform.Persist(() => visitor.Get(path));

        /// <summary>Asks, or tells, a simulator's operator API.</summary>
        public async Task<JsonElement> Admin(string path, object? body = null, HttpMethod? method = null)
        {
            using var http = new HttpClient { BaseAddress = platform.Address };
            using var request = new HttpRequestMessage(method ?? (body is null ? HttpMethod.Get : HttpMethod.Post), $"/admin/simulators/{path}");
            if (body is not null)
            {
                var json = System.Net.Http.Json.JsonContent.Create(body);
                await json.LoadIntoBufferAsync();
                request.Content = json;
            }
            using var reply = await http.SendAsync(request);
            var text = await reply.Content.ReadAsStringAsync();
            Assert.True(reply.IsSuccessStatusCode, $"{request.RequestUri}: {reply.StatusCode} {text}");
            return text.Length == 0 ? default : JsonElement.Parse(text);
        }

        public void Dispose() => visitor.Dispose();
    }
}
