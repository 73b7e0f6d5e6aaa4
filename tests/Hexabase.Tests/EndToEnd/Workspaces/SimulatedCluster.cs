using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.EndToEnd.Workspaces;

/// <summary>The simulated cluster, as an administrator sees it.</summary>
internal sealed class SimulatedCluster(PlatformProcess platform)
{
    private const string Admin = "/admin/simulators/kubernetes";
    private const string Api = "/simulators/kubernetes";

    private static readonly HttpClient Http = new();

    private readonly AuthenticationHeaderValue token = new(
        "Bearer", File.ReadAllText(Path.Combine(platform.Folder, ".hexabase", "cluster-token")).Trim());

    /// <summary>Nodes, machines, and the apps of a namespace with their pods.</summary>
    public Task<JsonElement> State(string ns) => Get($"{Admin}/state?namespace={ns}");

    /// <summary>An object by its path in the cluster's API.</summary>
    public Task<JsonElement> Object(string path) => Get(Api + path);

    /// <summary>Creates an app and waits until all its copies are ready.</summary>
    public async Task Deploy(string ns, string name, int replicas)
    {
        using var reply = await Send(HttpMethod.Post, $"{Admin}/apps", new { @namespace = ns, name, replicas });
        Assert.Equal(HttpStatusCode.Created, reply.StatusCode);
        await Eventually.Holds(() => App(ns, name), app => app.GetProperty("ready").GetInt32() == replicas);
    }

    public async Task<JsonElement> App(string ns, string name) =>
        (await State(ns)).GetProperty("deployments").EnumerateArray().Single(app => app.GetProperty("name").GetString() == name);

    /// <summary>What the app answers a visitor, asked through its Service.</summary>
    public async Task<HttpStatusCode> Visit(string ns, string name)
    {
        using var reply = await Send(HttpMethod.Get, $"{Api}/api/v1/namespaces/{ns}/services/{name}:http/proxy/");
        return reply.StatusCode;
    }

    /// <summary>Fewest ready copies of an app since it was first ready.</summary>
    public async Task<int> FewestReady(string ns, string name) =>
        (await Get($"{Admin}/readiness")).GetProperty($"{ns}/{name}").GetProperty("ready").GetInt32();

    /// <summary>The machine deployments of a workspace, one for each node that was asked for and is not gone.</summary>
    public async Task<IReadOnlyList<string>> NodesAskedFor(string ns)
    {
        var all = await Object($"/apis/cluster.x-k8s.io/v1beta2/machinedeployments?labelSelector=hexabase.io/workspace={ns}");
        return [.. all.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("metadata").GetProperty("name").GetString()!)];
    }

    /// <summary>A cluster that is quick and well.</summary>
    public Task Heal() => Set([], []);

    /// <summary>Until it is healed no small machine is to be had in a region.</summary>
    public Task RunShort(string region) => Set([new { size = "small", region }], []);

    /// <summary>Until it is healed an app gets ready on no dedicated node.</summary>
    public Task Sicken(string ns, string app) => Set([], [new { symptom = "never_ready", @namespace = ns, app, node_kind = "dedicated" }]);

    /// <summary>Until it is healed copies take long enough to start that all that follows can be seen.</summary>
    /// <param name="answersOnDedicatedNodes">How long visitors wait for copies there.</param>
    public Task SlowDown(TimeSpan answersOnDedicatedNodes = default) =>
        Set([], [], podStartSeconds: 2, [new { milliseconds = answersOnDedicatedNodes.TotalMilliseconds, node_kind = "dedicated" }]);

    private async Task Set(object[] shortages, object[] pods, double podStartSeconds = 0.2, params object[] latency)
    {
        var faults = new
        {
            node_join_seconds = 0.5,
            node_leave_seconds = 0.2,
            pod_start_seconds = podStartSeconds,
            shortages,
            pods,
            latency,
        };
        using var reply = await Send(HttpMethod.Put, $"{Admin}/faults", faults);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> Get(string path)
    {
        using var reply = await Send(HttpMethod.Get, path);
        return JsonElement.Parse(await reply.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(platform.Address, path));
        request.Headers.Authorization = token;
        if (body is not null)
            request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"); // Chunks are not taken.
        return await Http.SendAsync(request);
    }
}
