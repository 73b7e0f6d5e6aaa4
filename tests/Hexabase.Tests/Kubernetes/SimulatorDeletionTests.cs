using System.Text.Json.Nodes;

namespace Hexabase.Tests.Kubernetes;

/// <summary>What goes when something is deleted, and when (fact sheet, §1 Delete).</summary>
public sealed class SimulatorDeletionTests : IAsyncLifetime
{
    private const string Deployments = "apis/apps/v1/namespaces/ws-1/deployments";

    private SimulatorHost cluster = null!;

    public async Task InitializeAsync()
    {
        cluster = await SimulatorHost.Start();
        await cluster.Post("api/v1/namespaces", Manifests.Namespace("ws-1"));
        await cluster.Post(Deployments, Manifests.Deployment("web"));
        cluster.Wait(1);
    }

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task In_the_background_the_owner_goes_at_once_and_its_pods_end()
    {
        Assert.Equal("Success", (string?)(await cluster.Delete($"{Deployments}/web")).Body["status"]);
        Assert.Equal(404, (await cluster.Get($"{Deployments}/web")).Code);
        Assert.Empty(await cluster.Pods("ws-1"));
    }

    [Fact]
    public async Task In_the_foreground_the_owner_stays_until_its_dependents_are_gone()
    {
        var answer = await cluster.Delete($"{Deployments}/web", Manifests.Parse("""{"propagationPolicy":"Foreground"}"""));
        Assert.NotNull(answer.Body["metadata"]!["deletionTimestamp"]);
        cluster.Wait(4);
        Assert.Equal(200, (await cluster.Get($"{Deployments}/web")).Code);
        cluster.Wait(1);
        Assert.Equal(404, (await cluster.Get($"{Deployments}/web")).Code);
    }

    [Fact]
    public async Task Orphans_stay()
    {
        await cluster.Delete($"{Deployments}/web", Manifests.Parse("""{"propagationPolicy":"Orphan"}"""));
        Assert.Equal(2, (await cluster.Pods("ws-1")).Count);
    }

    [Fact]
    public async Task A_pod_stays_for_its_grace_and_a_new_one_is_made_at_once()
    {
        var pod = (string)(await cluster.Pods("ws-1"))[0]["metadata"]!["name"]!;
        await cluster.Delete($"api/v1/namespaces/ws-1/pods/{pod}");
        Assert.Equal(2, (await cluster.Pods("ws-1")).Count);
        cluster.Wait(4.9);
        Assert.Equal(200, (await cluster.Get($"api/v1/namespaces/ws-1/pods/{pod}")).Code);
        cluster.Wait(0.1);
        Assert.Equal(404, (await cluster.Get($"api/v1/namespaces/ws-1/pods/{pod}")).Code);
    }

    [Fact]
    public async Task A_finalizer_holds_an_object_until_it_is_taken_off()
    {
        const string Path = "api/v1/namespaces/ws-1/configmaps/a";
        var held = Manifests.ConfigMap("a");
        held["metadata"]!["finalizers"] = new JsonArray("example.org/held");
        await cluster.Post("api/v1/namespaces/ws-1/configmaps", held);
        Assert.NotNull((await cluster.Delete(Path)).Body["metadata"]!["deletionTimestamp"]);
        Assert.Equal(200, (await cluster.Get(Path)).Code);
        await cluster.Merge(Path, Manifests.Parse("""{"metadata":{"finalizers":null}}"""));
        Assert.Equal(404, (await cluster.Get(Path)).Code);
    }

    [Fact]
    public async Task A_precondition_that_does_not_hold_is_a_conflict()
    {
        var answer = await cluster.Delete($"{Deployments}/web", Manifests.Parse("""{"preconditions":{"uid":"another"}}"""));
        Assert.Equal((409, "Conflict"), (answer.Code, answer.Reason));
    }

    [Fact]
    public async Task A_namespace_ends_with_all_that_is_in_it()
    {
        var answer = await cluster.Delete("api/v1/namespaces/ws-1");
        Assert.Equal("Terminating", (string?)answer.Body["status"]!["phase"]);
        Assert.Equal(404, (await cluster.Get($"{Deployments}/web")).Code);
        cluster.Wait(5);
        Assert.Equal(404, (await cluster.Get("api/v1/namespaces/ws-1")).Code);
    }

    [Fact]
    public async Task An_ending_namespace_takes_nothing_new()
    {
        await cluster.Delete("api/v1/namespaces/ws-1");
        var answer = await cluster.Post("api/v1/namespaces/ws-1/configmaps", Manifests.ConfigMap("a"));
        Assert.Equal((403, "Forbidden"), (answer.Code, answer.Reason));
        Assert.Equal("NamespaceTerminating", (string?)answer.Body["details"]!["causes"]![0]!["reason"]);
    }

    [Fact]
    public async Task An_eviction_that_a_disruption_budget_forbids_is_429()
    {
        await cluster.Post("apis/policy/v1/namespaces/ws-1/poddisruptionbudgets", Manifests.Parse(
            """
            {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b"},
             "spec":{"minAvailable":2,"selector":{"matchLabels":{"app":"web"}}}}
            """));
        var answer = await Evict();
        Assert.Equal((429, "TooManyRequests"), (answer.Code, answer.Reason));
        Assert.Equal(
            0, (int)(await cluster.Get("apis/policy/v1/namespaces/ws-1/poddisruptionbudgets/b")).Body["status"]!["disruptionsAllowed"]!);
    }

    [Fact]
    public async Task An_eviction_ends_the_pod()
    {
        Assert.Equal(201, (await Evict()).Code);
        Assert.Equal(3, (await cluster.Get("api/v1/namespaces/ws-1/pods")).Items.Count());
    }

    private async Task<Answer> Evict()
    {
        var pod = (string)(await cluster.Pods("ws-1"))[0]["metadata"]!["name"]!;
        return await cluster.Post(
            $"api/v1/namespaces/ws-1/pods/{pod}/eviction", Manifests.Parse("""{"apiVersion":"policy/v1","kind":"Eviction"}"""));
    }
}
