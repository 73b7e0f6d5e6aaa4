using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Hexabase.Local.Simulators.Kubernetes;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Kubernetes;

/// <summary>The simulated cluster over real HTTP and a real file, with a clock that stands still.</summary>
internal sealed class SimulatorHost : IAsyncDisposable
{
    public const string Token = "token-of-tests";
    public const string Machines = "apis/cluster.x-k8s.io/v1beta2/namespaces/hexabase-machines";

    private readonly WebApplication server;
    private readonly SqliteDatabase file;
    private readonly TemporaryFolder folder;
    private readonly HttpClient http;

    private SimulatorHost(WebApplication server, SqliteDatabase file, TemporaryFolder folder, TimeProvider clock)
    {
        (this.server, this.file, this.folder, Clock) = (server, file, folder, clock as ManualTimeProvider ?? new ManualTimeProvider());
        Address = new Uri(server.Urls.Single());
        http = new HttpClient { BaseAddress = Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        http.DefaultRequestHeaders.UserAgent.ParseAdd("kubectl/1.34");
    }

    public Uri Address { get; }

    public ManualTimeProvider Clock { get; }

    public static Task<SimulatorHost> Start(TimeProvider? clock = null) => Start(new TemporaryFolder(), clock ?? new ManualTimeProvider());

    private static async Task<SimulatorHost> Start(TemporaryFolder folder, TimeProvider clock)
    {
        var database = SqliteDatabase.Open(folder.File("platform.db"), KubernetesSimulatorModule.Schema);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(database).AddSingleton(clock).AddKubernetesSimulator(Token);
        var web = builder.Build();
        web.MapKubernetesSimulator();
        await web.StartAsync();
        return new SimulatorHost(web, database, folder, clock);
    }

    /// <summary>
    /// Another host on what the file holds at this moment, as if this one had been killed: nothing is closed or flushed for it.
    /// </summary>
    public Task<SimulatorHost> StartAfterCrash()
    {
        var copy = new TemporaryFolder();
        foreach (var path in Directory.GetFiles(folder.Path).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            File.Copy(path, copy.File(Path.GetFileName(path)));
        return Start(copy, Clock);
    }

    public void Wait(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path);

    public Task<Answer> Post(string path, JsonNode body) => Send(HttpMethod.Post, path, body);

    public Task<Answer> Put(string path, JsonNode body) => Send(HttpMethod.Put, path, body);

    public Task<Answer> Merge(string path, JsonNode body) => Send(HttpMethod.Patch, path, body, "application/merge-patch+json");

    public Task<Answer> Apply(string path, JsonNode body, string manager = "hexabase", bool force = false) =>
        Send(
            HttpMethod.Patch,
            $"{path}?fieldManager={manager}&force={(force ? "true" : "false")}&fieldValidation=Strict",
            body,
            "application/apply-patch+yaml");

    public Task<Answer> Delete(string path, JsonNode? options = null) => Send(HttpMethod.Delete, path, options);

    /// <summary>An answer of the API at <paramref name="path"/>, relative to the server's address.</summary>
    public Task<Answer> Send(
        HttpMethod method, string path, JsonNode? body = null, string mediaType = "application/json", string? token = null) =>
        SendTo($"simulators/kubernetes/{path}", method, body, mediaType, token);

    public Task<Answer> Admin(HttpMethod method, string path, JsonNode? body = null) =>
        SendTo($"admin/simulators/kubernetes/{path}", method, body, "application/json", token: null);

    /// <summary>Sets faults, in the words of the operator's API.</summary>
    public async Task Faults(string json) => Assert.Equal(200, (await Admin(HttpMethod.Put, "faults", JsonNode.Parse(json))).Code);

    /// <summary>An app with a service; ready when the clock has moved on by a second.</summary>
    public async Task Deploy(string ns, string name, int replicas) => Assert.Equal(
        201,
        (await Admin(HttpMethod.Post, "apps", new JsonObject { ["namespace"] = ns, ["name"] = name, ["replicas"] = replicas })).Code);

    public async Task<JsonNode> Deployment(string ns, string name) => (await Get($"apis/apps/v1/namespaces/{ns}/deployments/{name}")).Body;

    public async Task<int> Ready(string ns, string name) => (int?)(await Deployment(ns, name))["status"]!["readyReplicas"] ?? 0;

    /// <summary>The pods of a namespace that are not ending.</summary>
    public async Task<IReadOnlyList<JsonNode>> Pods(string ns) =>
        [.. (await Get($"api/v1/namespaces/{ns}/pods")).Items.Where(p => p["metadata"]!["deletionTimestamp"] is null)];

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        await file.DisposeAsync();
        folder.Dispose();
    }

    private async Task<Answer> SendTo(string path, HttpMethod method, JsonNode? body, string mediaType, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        }
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
    }
}

/// <summary>What the API said.</summary>
internal sealed record Answer(int Code, JsonNode Body)
{
    public string? Reason => (string?)Body["reason"];

    public string? Message => (string?)Body["message"];

    public IEnumerable<JsonNode> Items => Body["items"]!.AsArray().Select(item => item!);

    public IEnumerable<string> Names => Items.Select(item => (string)item["metadata"]!["name"]!);
}

/// <summary>Manifests as people write them.</summary>
internal static class Manifests
{
    public static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    public static JsonObject Namespace(string name) =>
        Parse($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");

    public static JsonObject ConfigMap(string name, string data = "{}", string labels = "{}") =>
        Parse($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","labels":{{{labels}}}},"data":{{{data}}}}""");

    public static JsonObject Deployment(
        string name, int? replicas = 2, string spec = "", string image = "web:1", string env = "[]") => Parse($$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{name}}}"},
         "spec":{ {{{(replicas is null ? "" : $"\"replicas\":{replicas},")}}} {{{spec}}} "selector":{"matchLabels":{"app":"{{{name}}}"} },
           "template":{"metadata":{"labels":{"app":"{{{name}}}"} },
             "spec":{"terminationGracePeriodSeconds":5,"containers":[{"name":"web","image":"{{{image}}}","env":{{{env}}} }]} } } }
        """);

    public static JsonObject MachineDeployment(string name, int replicas = 1, string template = "tokyo-small") => Parse($$$"""
        {"apiVersion":"cluster.x-k8s.io/v1beta2","kind":"MachineDeployment","metadata":{"name":"{{{name}}}"},
         "spec":{"clusterName":"hexabase","replicas":{{{replicas}}},
           "selector":{"matchLabels":{"cluster.x-k8s.io/deployment-name":"{{{name}}}"} },
           "template":{"metadata":{"labels":{
             "cluster.x-k8s.io/deployment-name":"{{{name}}}","node.cluster.x-k8s.io/pool":"dedicated","other":"x"}},
             "spec":{"clusterName":"hexabase",
               "bootstrap":{"configRef":{"apiGroup":"bootstrap.cluster.x-k8s.io","kind":"KubeadmConfigTemplate","name":"{{{template}}}"} },
               "infrastructureRef":{"apiGroup":"infrastructure.cluster.x-k8s.io",
                 "kind":"SimulatedMachineTemplate","name":"{{{template}}}"} } } } }
        """);
}
