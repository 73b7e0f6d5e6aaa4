using System.Net;
using System.Text.Json;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>A workspace with two apps that was upgraded, and what everybody has on record right after.</summary>
public sealed class CompletedUpgrade(PlatformFixture fixture) : IAsyncLifetime
{
    /// <summary>The apps by their copies.</summary>
    internal static IReadOnlyDictionary<string, int> Apps { get; } =
        new Dictionary<string, int>(StringComparer.Ordinal) { ["web"] = 2, ["api"] = 1 };

    internal string AccountId { get; private set; } = "";

    internal string Namespace { get; private set; } = "";

    internal string UpgradeId { get; private set; } = "";

    /// <summary>Every state of the upgrade that its owner was shown, the last one completed.</summary>
    internal IReadOnlyList<JsonElement> Seen { get; private set; } = [];

    internal JsonElement Last => Seen[^1];

    internal JsonElement PlanPage { get; private set; }

    internal JsonElement Customer { get; private set; }

    internal JsonElement Cluster { get; private set; }

    /// <summary>The Kubernetes node.</summary>
    internal JsonElement Node { get; private set; }

    internal JsonElement Quota { get; private set; }

    internal JsonElement Backup { get; private set; }

    internal IReadOnlyList<JsonElement> Log { get; private set; } = [];

    internal IReadOnlyList<string?> Told { get; private set; } = [];

    /// <summary>What the apps answered visitors.</summary>
    internal IReadOnlyList<HttpStatusCode> Visits { get; private set; } = [];

    /// <summary>Fewest ready copies of each app.</summary>
    internal IReadOnlyDictionary<string, int> FewestReady { get; private set; } = new Dictionary<string, int>(StringComparer.Ordinal);

    public async Task InitializeAsync()
    {
        var stripe = new SimulatedStripe(fixture.Platform);
        var cluster = new SimulatedCluster(fixture.Platform);
        using var tenant = await Tenant.New(fixture.Platform);
        await cluster.Heal();
        (AccountId, Namespace) = (tenant.AccountId, tenant.Namespace);
        foreach (var (app, replicas) in Apps)
            await cluster.Deploy(Namespace, app, replicas);

        tenant.Visitor.CorrelationId = $"upgrade-of-{Namespace}";
        var upgrade = await tenant.Upgrade("pm_card_visa");
        UpgradeId = upgrade.Split('/')[^1];
        Seen = await Watch(tenant, upgrade);

        PlanPage = await tenant.PlanPage();
        Customer = await stripe.Customer(AccountId);
        Cluster = await cluster.State(Namespace);
        Node = await cluster.Object($"/api/v1/nodes/{Last.GetProperty("node").GetProperty("node_name").GetString()}");
        Quota = await cluster.Object($"/api/v1/namespaces/{Namespace}/resourcequotas/workspace");
        Backup = await cluster.Object($"/apis/batch/v1/namespaces/{Namespace}/cronjobs/workspace-backup");
        Log = await tenant.Log();
        Told = await tenant.Told();
        Visits = [.. await Task.WhenAll(Apps.Keys.Select(app => cluster.Visit(Namespace, app)))];
        var fewest = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var app in Apps.Keys)
            fewest.Add(app, await cluster.FewestReady(Namespace, app));
        FewestReady = fewest;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Long polls, each for what differs from the last answer.</summary>
    private static async Task<IReadOnlyList<JsonElement>> Watch(Tenant tenant, string upgrade)
    {
        var seen = new List<JsonElement>();
        string? known = null;
        while (seen.Count == 0 || seen[^1].GetProperty("status").GetString() == "running")
        {
            using var reply = await tenant.Visitor.GetReply($"{upgrade}?wait=20", known);
            if (reply.StatusCode == HttpStatusCode.NotModified)
                throw new Xunit.Sdk.XunitException($"The upgrade has come to a standstill: {seen[^1]}");
            known = reply.Headers.ETag!.ToString();
            seen.Add(JsonElement.Parse(await reply.Content.ReadAsStringAsync()));
        }
        return seen;
    }
}
