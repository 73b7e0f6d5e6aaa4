using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd;

/// <summary>The platform's cluster, from outside: by its operator API, and as visitors of its apps.</summary>
internal sealed class SimulatedCluster : IDisposable
{
    private readonly HttpClient http;

    public SimulatedCluster(PlatformProcess platform)
    {
        http = new HttpClient { BaseAddress = platform.Address };
        var token = File.ReadAllText(Path.Combine(platform.Folder, ".hexabase", "cluster-token")).Trim();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>An app and its service; running when the task completes.</summary>
    public async Task Deploy(string ns, string app, int replicas)
    {
        using var body = Json(new { @namespace = ns, name = app, replicas });
        using var reply = await http.PostAsync("/admin/simulators/kubernetes/apps", body);
        reply.EnsureSuccessStatusCode();
        await Eventually.Holds(async () => (await Look(ns, app)).OnShared, ready => ready == replicas);
    }

    /// <summary>In place of all faults there were.</summary>
    public async Task SetFaults(object faults)
    {
        using var body = Json(faults);
        using var reply = await http.PutAsync("/admin/simulators/kubernetes/faults", body);
        reply.EnsureSuccessStatusCode();
    }

    public async Task<AppStanding> Look(string ns, string app)
    {
        var state = await http.GetFromJsonAsync<JsonElement>($"/admin/simulators/kubernetes/state?namespace={ns}");
        var kinds = state.GetProperty("nodes").EnumerateArray().ToDictionary(
            node => node.GetProperty("name").GetString()!, node => node.GetProperty("kind").GetString(), StringComparer.Ordinal);
        var found = state.GetProperty("deployments").EnumerateArray()
            .Single(deployment => deployment.GetProperty("name").GetString() == app);
        var places = found.GetProperty("pods").EnumerateArray()
            .Where(pod => pod.GetProperty("state").GetString() == "Ready")
            .Select(pod => kinds[pod.GetProperty("node").GetString()!])
            .ToList();
        return new AppStanding(
            found.GetProperty("replicas").GetInt32(),
            places.Count(kind => kind == "shared"),
            places.Count(kind => kind == "dedicated"),
            found.GetProperty("paused").GetBoolean());
    }

    /// <summary>The fewest ready copies that an app ever had since it was first fully ready.</summary>
    public async Task<int> FewestReady(string ns, string app)
    {
        var lowest = await http.GetFromJsonAsync<JsonElement>("/admin/simulators/kubernetes/readiness");
        return lowest.GetProperty($"{ns}/{app}").GetProperty("ready").GetInt32();
    }

    /// <summary>Asks an app every 50 ms, from now on.</summary>
    public AppVisitors Visit(string ns, string app) => new(http, $"/simulators/kubernetes/api/v1/namespaces/{ns}/services/{app}:80/proxy/");

    public void Dispose() => http.Dispose();

    /// <summary>With its length, which the operator API asks for.</summary>
    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}

/// <summary>How an app stands: copies it is to have, and where the ready ones are.</summary>
internal sealed record AppStanding(int Replicas, int OnShared, int OnDedicated, bool IsPaused);

/// <summary>Visitors who ask one app again and again.</summary>
internal sealed class AppVisitors
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly List<string> failures = [];
    private readonly Task asking;
    private int answers;
    private volatile bool haveEnough;

    public AppVisitors(HttpClient http, string address) => asking = Ask(http, address);

    /// <summary>What they have got once the last of them has left.</summary>
    public async Task<(int Answers, IReadOnlyList<string> Failures)> Leave()
    {
        haveEnough = true;
        await asking;
        return (answers, failures);
    }

    private async Task Ask(HttpClient http, string address)
    {
        for (var began = Stopwatch.StartNew(); !haveEnough; await Task.Delay(Pause))
        {
            try
            {
                using var reply = await http.GetAsync(address);
                if (reply.IsSuccessStatusCode)
                    answers++;
                else
                    failures.Add($"{began.Elapsed}: {(int)reply.StatusCode} {await reply.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException e)
            {
                failures.Add($"{began.Elapsed}: {e.Message}");
            }
        }
    }
}
