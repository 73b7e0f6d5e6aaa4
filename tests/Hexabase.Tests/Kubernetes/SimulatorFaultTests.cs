using System.Text.Json.Nodes;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>What people and tests can play by the operator's API.</summary>
public sealed class SimulatorFaultTests : IAsyncLifetime
{
    private const string Visit = "api/v1/namespaces/ws-1/services/web/proxy/";

    private SimulatorHost cluster = null!;

    public async Task InitializeAsync()
    {
        cluster = await SimulatorHost.Start();
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
    }

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task A_call_fails_as_often_as_was_said()
    {
        await cluster.Faults("""{"api":[{"status":500,"times":2,"method":"get","path":"/nodes"}]}""");
        Assert.Equal(200, (await cluster.Get("api/v1/pods")).Code);
        Assert.Equal(500, (await cluster.Get("api/v1/nodes")).Code);
        Assert.Equal(500, (await cluster.Get("api/v1/nodes")).Code);
        Assert.Equal(200, (await cluster.Get("api/v1/nodes")).Code);
    }

    [Fact]
    public async Task A_call_that_fails_has_no_effect()
    {
        await cluster.Faults("""{"api":[{"status":503}]}""");
        Assert.Equal(503, (await cluster.Post("api/v1/namespaces", Manifests.Namespace("x"))).Code);
        Assert.Equal(404, (await cluster.Get("api/v1/namespaces/x")).Code);
    }

    [Fact]
    public async Task An_answer_can_be_lost_after_the_effect()
    {
        await cluster.Faults("""{"api":[{"status":0,"after_effect":true,"path":"namespaces"}]}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => cluster.Post("api/v1/namespaces", Manifests.Namespace("x")));
        Assert.Equal(200, (await cluster.Get("api/v1/namespaces/x")).Code);
    }

    [Fact]
    public async Task Visitors_wait_as_long_as_was_said()
    {
        await cluster.Faults("""
            {"latency":[{"milliseconds":300,"app":"web"},{"milliseconds":200,"node_kind":"shared"},{"milliseconds":9000,"node":"other"}]}
            """);
        var visit = cluster.Get(Visit);
        await Eventually.Holds(() => cluster.Clock.PendingTimers == 1, "the answer waits");
        cluster.Wait(0.499);
        Assert.Equal(1, cluster.Clock.PendingTimers);
        cluster.Wait(0.001);
        Assert.Equal(200, (await visit).Code);
    }

    [Fact]
    public async Task Faults_outlive_a_killed_host()
    {
        await cluster.Faults("""{"node_join_seconds":7,"api":[{"status":500,"times":2,"path":"/nodes"}]}""");
        await cluster.Get("api/v1/nodes");
        await using var next = await cluster.StartAfterCrash();
        var faults = (await next.Admin(HttpMethod.Get, "faults")).Body;
        Assert.Equal((7, 1), ((int)faults["node_join_seconds"]!, (int)faults["api"]![0]!["times"]!));
    }

    [Theory]
    [InlineData("""{"nodes":1}""")]
    [InlineData("""{"node_join_seconds":-1}""")]
    [InlineData("""{"api":[{"status":200}]}""")]
    [InlineData("""{"api":[{"status":500,"times":0}]}""")]
    [InlineData("""{"shortages":null}""")]
    [InlineData("""{"pods":[{"symptom":"bored"}]}""")]
    [InlineData("[]")]
    public async Task Faults_that_make_no_sense_are_400(string faults)
    {
        var answer = await cluster.Admin(HttpMethod.Put, "faults", JsonNode.Parse(faults));
        Assert.Equal((400, "INVALID_BODY"), (answer.Code, (string?)answer.Body["code"]));
    }

    [Fact]
    public async Task The_state_shows_apps_with_their_pods_and_where_they_are()
    {
        await cluster.Deploy("ws-2", "other", 1);
        var state = (await cluster.Admin(HttpMethod.Get, "state?namespace=ws-1")).Body;
        var app = state["deployments"]!.AsArray().Single()!;
        Assert.Equal(("web", 2), ((string?)app["name"], (int)app["ready"]!));
        Assert.Equal(
            ["shared-1 Ready", "shared-2 Ready"],
            app["pods"]!.AsArray().Select(p => $"{p!["node"]} {p["state"]}").Order(StringComparer.Ordinal));
        Assert.Equal(["shared", "shared"], state["nodes"]!.AsArray().Select(n => (string)n!["kind"]!));
    }

    [Fact]
    public async Task An_app_cannot_be_deployed_twice()
    {
        var answer = await cluster.Admin(HttpMethod.Post, "apps", Manifests.Parse("""{"namespace":"ws-1","name":"web"}"""));
        Assert.Equal((409, "APP_REFUSED"), (answer.Code, (string?)answer.Body["code"]));
    }

    [Theory]
    [InlineData("""{"namespace":"ws-1","name":"My App"}""")]
    [InlineData("""{"namespace":"ws-1","name":"many","replicas":1001}""")]
    [InlineData("""{"namespace":"ws-1","name":"negative","replicas":-1}""")]
    public async Task An_app_that_cannot_be_is_refused(string app)
    {
        var answer = await cluster.Admin(HttpMethod.Post, "apps", Manifests.Parse(app));
        Assert.Equal((422, "APP_REFUSED"), (answer.Code, (string?)answer.Body["code"]));
    }

    [Fact]
    public async Task The_fewest_ready_replicas_are_remembered_until_the_log_is_reset()
    {
        await cluster.Faults("""{"pods":[{"symptom":"crash_loop"}]}""");
        await cluster.Admin(HttpMethod.Delete, "faults");
        cluster.Wait(1);
        Assert.Equal(0, await Lowest());
        await cluster.Admin(HttpMethod.Delete, "readiness");
        Assert.Equal(2, await Lowest());
    }

    private async Task<int> Lowest() => (int)(await cluster.Admin(HttpMethod.Get, "readiness")).Body["ws-1/web"]!["ready"]!;
}
