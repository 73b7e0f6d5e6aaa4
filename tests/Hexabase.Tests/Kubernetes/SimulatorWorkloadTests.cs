using System.Text.Json.Nodes;

namespace Hexabase.Tests.Kubernetes;

/// <summary>Deployments and their pods: placement, rollouts (fact sheet, §5), quotas, and who answers visitors.</summary>
public sealed class SimulatorWorkloadTests : IAsyncLifetime
{
    private const string Deployments = "apis/apps/v1/namespaces/ws-1/deployments";
    private const string Web = Deployments + "/web";
    private const string Visit = "api/v1/namespaces/ws-1/services/web:80/proxy/";

    private SimulatorHost cluster = null!;

    public async Task InitializeAsync()
    {
        cluster = await SimulatorHost.Start();
        await cluster.Post("api/v1/namespaces", Manifests.Namespace("ws-1"));
    }

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Pods_get_ready_after_their_start_on_the_emptiest_nodes()
    {
        await cluster.Deploy("ws-1", "web", 2);
        Assert.Equal(0, await cluster.Ready("ws-1", "web"));
        cluster.Wait(1);
        Assert.Equal(2, await cluster.Ready("ws-1", "web"));
        Assert.Equal(
            ["shared-1", "shared-2"],
            (await cluster.Pods("ws-1")).Select(p => (string)p["spec"]!["nodeName"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rollout_is_done_by_the_rule_of_kubectl()
    {
        await cluster.Deploy("ws-1", "web", 2);
        Assert.Equal("updating", await Rollout());
        cluster.Wait(1);
        Assert.Equal("done", await Rollout());
        await Update();
        Assert.Equal("updating", await Rollout());
        cluster.Wait(10);
        Assert.Equal("done", await Rollout());
    }

    [Fact]
    public async Task With_a_full_surge_and_none_unavailable_new_pods_are_ready_before_old_ones_end()
    {
        await cluster.Deploy("ws-1", "web", 3);
        cluster.Wait(1);
        await Update();
        Assert.Equal(6, (await cluster.Pods("ws-1")).Count);
        cluster.Wait(0.999);
        Assert.Equal(6, (await cluster.Pods("ws-1")).Count);
        cluster.Wait(0.001);
        Assert.Equal(3, (await cluster.Pods("ws-1")).Count);
        Assert.Equal(3, await cluster.Ready("ws-1", "web"));
        Assert.Equal(3, await LowestReady());
    }

    [Fact]
    public async Task A_paused_rollout_stays_where_it_is()
    {
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        await cluster.Merge(Web, Manifests.Parse("""{"spec":{"paused":true}}"""));
        await Update();
        cluster.Wait(60);
        Assert.Null((await cluster.Deployment("ws-1", "web"))["status"]!["updatedReplicas"]);
        await cluster.Merge(Web, Manifests.Parse("""{"spec":{"paused":false}}"""));
        cluster.Wait(1);
        Assert.Equal("done", await Rollout());
    }

    [Fact]
    public async Task A_paused_deployment_can_be_scaled()
    {
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        await cluster.Merge(Web, Manifests.Parse("""{"spec":{"paused":true,"replicas":3}}"""));
        cluster.Wait(1);
        Assert.Equal(3, await cluster.Ready("ws-1", "web"));
    }

    [Fact]
    public async Task A_template_that_comes_back_takes_its_pods_back()
    {
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        var before = (await cluster.Pods("ws-1")).Select(p => (string)p["metadata"]!["name"]!).ToHashSet(StringComparer.Ordinal);
        await cluster.Faults("""{"pods":[{"symptom":"image_pull"}]}""");
        await Update("web:2");
        cluster.Wait(1);
        await Update("registry.localhost/web:1");
        Assert.Equal(before, (await cluster.Pods("ws-1")).Select(p => (string)p["metadata"]!["name"]!).ToHashSet(StringComparer.Ordinal));
        Assert.Equal("done", await Rollout());
    }

    [Fact]
    public async Task Pods_whose_image_does_not_pull_leave_the_old_ones_and_miss_the_deadline()
    {
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        await cluster.Faults("""{"pods":[{"symptom":"image_pull"}]}""");
        await cluster.Merge(Web, Manifests.Parse("""{"spec":{"progressDeadlineSeconds":30}}"""));
        await Update();
        cluster.Wait(29.9);
        Assert.Equal("updating", await Rollout());
        cluster.Wait(0.1);
        Assert.Equal("failed", await Rollout());
        Assert.Equal(2, await cluster.Ready("ws-1", "web"));
        Assert.Equal(["ImagePullBackOff", "ImagePullBackOff"], (await cluster.Pods("ws-1")).Select(Waiting).OfType<string>());
    }

    [Fact]
    public async Task Sick_pods_recover_when_the_fault_is_lifted()
    {
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        await cluster.Faults("""{"pods":[{"symptom":"crash_loop","namespace":"ws-1","app":"web","node_kind":"shared"}]}""");
        Assert.Equal(0, await cluster.Ready("ws-1", "web"));
        Assert.All(await cluster.Pods("ws-1"), p => Assert.Equal("CrashLoopBackOff", Waiting(p)));
        await cluster.Admin(HttpMethod.Delete, "faults");
        cluster.Wait(1);
        Assert.Equal(2, await cluster.Ready("ws-1", "web"));
    }

    [Fact]
    public async Task A_fault_of_dedicated_nodes_leaves_the_shared_pool_alone()
    {
        await cluster.Faults("""{"pods":[{"symptom":"never_ready","node_kind":"dedicated"}]}""");
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        Assert.Equal(2, await cluster.Ready("ws-1", "web"));
    }

    [Fact]
    public async Task A_pod_goes_where_its_selector_says_and_its_tolerations_allow()
    {
        const string Taint =
            """{"metadata":{"labels":{"pool":"own"}},"spec":{"taints":[{"key":"dedicated","value":"ws-1","effect":"NoSchedule"}]}}""";
        await cluster.Merge("api/v1/nodes/shared-2", Manifests.Parse(Taint));
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        Assert.All(await cluster.Pods("ws-1"), p => Assert.Equal("shared-1", (string?)p["spec"]!["nodeName"]));

        await cluster.Merge(Web, Manifests.Parse("""{"spec":{"template":{"spec":{"nodeSelector":{"pool":"own"}}}}}"""));
        cluster.Wait(1);
        var stuck = (await cluster.Pods("ws-1")).Single(p => p["spec"]!["nodeName"] is null);
        Assert.Equal("Unschedulable", (string?)stuck["status"]!["conditions"]![0]!["reason"]);

        await cluster.Merge(Web, Manifests.Parse(
            """
            {"spec":{"template":{"spec":{"tolerations":[
              {"key":"dedicated","operator":"Equal","value":"ws-1","effect":"NoSchedule"}]}}}}
            """));
        cluster.Wait(10);
        Assert.All(await cluster.Pods("ws-1"), p => Assert.Equal("shared-2", (string?)p["spec"]!["nodeName"]));
    }

    [Fact]
    public async Task Pods_of_a_node_can_be_listed()
    {
        await cluster.Deploy("ws-1", "web", 2);
        Assert.Single((await cluster.Get("api/v1/pods?fieldSelector=spec.nodeName%3Dshared-1")).Names);
    }

    [Fact]
    public async Task A_pod_that_asks_for_more_than_a_node_has_waits()
    {
        var body = Manifests.Deployment("web", replicas: 1);
        body["spec"]!["template"]!["spec"]!["containers"]![0]!["resources"] = Manifests.Parse("""{"requests":{"cpu":"17"}}""");
        await cluster.Post(Deployments, body);
        cluster.Wait(60);
        Assert.Equal(0, await cluster.Ready("ws-1", "web"));
        Assert.Contains("FailedScheduling", (await cluster.Get("api/v1/namespaces/ws-1/events")).Items.Select(e => (string?)e["reason"]));
    }

    [Fact]
    public async Task A_quota_refuses_pods_beyond_it_and_counts_what_is_used()
    {
        await Quota("""{"pods":"2","requests.cpu":"1"}""");
        await cluster.Deploy("ws-1", "web", 3);
        cluster.Wait(1);
        var deployment = await cluster.Deployment("ws-1", "web");
        Assert.Equal(2, (int)deployment["status"]!["readyReplicas"]!);
        var failure = deployment["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == "ReplicaFailure")!;
        Assert.Contains(
            "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2", (string?)failure["message"], StringComparison.Ordinal);
        var used = (await cluster.Get("api/v1/namespaces/ws-1/resourcequotas/q")).Body["status"]!["used"]!;
        Assert.Equal("""{"pods":"2","requests.cpu":"100m"}""", used.ToJsonString());
    }

    [Fact]
    public async Task Volumes_count_against_the_storage_quota()
    {
        await Quota("""{"requests.storage":"10Gi"}""");
        Task<Answer> Claim(string name, string size) => cluster.Post("api/v1/namespaces/ws-1/persistentvolumeclaims", Manifests.Parse(
            $$$"""
            {"apiVersion":"v1","kind":"PersistentVolumeClaim","metadata":{"name":"{{{name}}}"},
             "spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"{{{size}}}"} } } }
            """));
        Assert.Equal(201, (await Claim("a", "6Gi")).Code);
        var answer = await Claim("b", "6Gi");
        Assert.Equal((403, "Forbidden"), (answer.Code, answer.Reason));
        Assert.Contains("exceeded quota: q", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_range_says_what_containers_ask_for_that_say_nothing()
    {
        await Quota("""{"requests.memory":"1Gi"}""");
        await cluster.Post("api/v1/namespaces/ws-1/limitranges", Manifests.Parse(
            """
            {"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"l"},
             "spec":{"limits":[{"type":"Container","defaultRequest":{"memory":"128Mi"}}]}}
            """));
        await cluster.Post(Deployments, Manifests.Deployment("web"));
        cluster.Wait(1);
        Assert.Equal(2, await cluster.Ready("ws-1", "web"));
        Assert.Equal(
            "268435456",
            (string?)(await cluster.Get("api/v1/namespaces/ws-1/resourcequotas/q")).Body["status"]!["used"]!["requests.memory"]);
    }

    [Fact]
    public async Task Ready_pods_answer_visitors_in_turn()
    {
        await cluster.Deploy("ws-1", "web", 2);
        cluster.Wait(1);
        var answered = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            var answer = await cluster.Get(Visit);
            Assert.Equal((200, "web"), (answer.Code, (string?)answer.Body["app"]));
            answered.Add((string)answer.Body["pod"]!);
        }
        Assert.Equal(2, answered.Count);
    }

    [Fact]
    public async Task Pods_that_are_not_ready_or_are_ending_answer_nobody()
    {
        await cluster.Deploy("ws-1", "web", 1);
        var early = await cluster.Get(Visit);
        Assert.Equal((503, "ServiceUnavailable"), (early.Code, early.Reason));
        cluster.Wait(1);
        Assert.Equal(200, (await cluster.Get(Visit)).Code);
        await cluster.Merge($"{Web}/scale", Manifests.Parse("""{"spec":{"replicas":0}}"""));
        Assert.Single((await cluster.Get("api/v1/namespaces/ws-1/pods")).Names);
        Assert.Equal(503, (await cluster.Get(Visit)).Code);
    }

    [Theory]
    [InlineData("api/v1/namespaces/ws-1/services/none/proxy/", 404)]
    [InlineData("api/v1/namespaces/ws-1/services/web:81/proxy/", 503)]
    [InlineData("api/v1/namespaces/ws-1/services/web:http/proxy/", 200)]
    [InlineData("api/v1/namespaces/ws-1/services/http:web:80/proxy/deep/er", 200)]
    public async Task A_service_is_found_by_name_and_port(string path, int code)
    {
        await cluster.Deploy("ws-1", "web", 1);
        cluster.Wait(1);
        Assert.Equal(code, (await cluster.Get(path)).Code);
    }

    private Task<Answer> Update(string image = "web:2") => cluster.Send(
        HttpMethod.Patch,
        Web,
        Manifests.Parse($$$"""
            {"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"100%","maxUnavailable":0} },
             "template":{"spec":{"containers":[{"name":"app","image":"{{{image}}}"}]} } } }
            """),
        "application/strategic-merge-patch+json");

    private async Task<string> Rollout()
    {
        var deployment = await cluster.Deployment("ws-1", "web");
        var (status, wanted) = (deployment["status"]!, (int)deployment["spec"]!["replicas"]!);
        int Count(string name) => (int?)status[name] ?? 0;
        if ((int)deployment["metadata"]!["generation"]! > Count("observedGeneration"))
            return "not seen";
        if (status["conditions"]!.AsArray().Any(c => (string?)c!["reason"] == "ProgressDeadlineExceeded"))
            return "failed";
        var isDone = Count("updatedReplicas") >= wanted && Count("replicas") <= Count("updatedReplicas")
            && Count("availableReplicas") >= Count("updatedReplicas");
        return isDone ? "done" : "updating";
    }

    private async Task<int> LowestReady() => (int)(await cluster.Admin(HttpMethod.Get, "readiness")).Body["ws-1/web"]!["ready"]!;

    private Task<Answer> Quota(string hard) => cluster.Post("api/v1/namespaces/ws-1/resourcequotas", Manifests.Parse(
        $$$"""{"apiVersion":"v1","kind":"ResourceQuota","metadata":{"name":"q"},"spec":{"hard":{{{hard}}} } }"""));

    private static string? Waiting(JsonNode pod) => (string?)pod["status"]!["containerStatuses"]![0]!["state"]!["waiting"]?["reason"];
}
