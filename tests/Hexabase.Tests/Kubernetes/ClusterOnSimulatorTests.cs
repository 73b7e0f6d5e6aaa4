using System.Text.Json.Nodes;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Domain.Workspaces;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Kubernetes;

/// <summary>The adapter against the simulated cluster, over HTTP: what the port promises, seen in what becomes of the cluster.</summary>
public sealed class ClusterOnSimulatorTests : IAsyncLifetime, IDisposable
{
    private SimulatorHost simulator = null!;
    private KubernetesApi api = null!;
    private KubernetesCluster cluster = null!;

    public async Task InitializeAsync()
    {
        simulator = await SimulatorHost.Start();
        var server = ClusterConnection.WithSlash(new Uri(simulator.Address, "simulators/kubernetes"));
        var tokens = BearerTokens.Always(SimulatorHost.Token);
        api = new KubernetesApi(new ClusterConnection(server, Tokens: tokens), TimeProvider.System);
        cluster = new KubernetesCluster(api, Samples.Options);
        await cluster.ApplyWorkspace(Samples.Setup, default);
    }

    public async Task DisposeAsync() => await simulator.DisposeAsync();

    public void Dispose() => api.Dispose();

    [Fact]
    public async Task A_workspace_may_be_set_up_again_and_then_has_the_new_numbers()
    {
        await cluster.ApplyWorkspace(Samples.Setup with { StorageGb = 10, StorageClass = "standard", Pods = 20 }, default);
        var hard = (await simulator.Get("api/v1/namespaces/ws-a1/resourcequotas/workspace")).Body["spec"]!["hard"]!;
        Assert.Equal(
            ("10Gi", "10Gi", "0", "20"),
            ((string?)hard["requests.storage"], (string?)hard["standard.storageclass.storage.k8s.io/requests.storage"],
                (string?)hard["ssd.storageclass.storage.k8s.io/requests.storage"], (string?)hard["pods"]));
    }

    [Fact]
    public async Task A_large_node_gives_the_room_that_is_paid_for()
    {
        var plans = TestPlans.Product.Workspaces;
        Assert.Equal("Forbidden", (await NewPod(cores: 5)).Reason);
        await cluster.ApplyWorkspace(
            WorkspaceSetup.Of("ws-a1", "w_a1", "a1", plans.WithNodes(plans.Pro, ["large"]), plans.Pro.Features), default);
        Assert.Equal(201, (await NewPod(cores: 5)).Code);
        Assert.Equal("Forbidden", (await NewPod(cores: 8)).Reason);
    }

    [Fact]
    public async Task Cron_jobs_beyond_the_plan_are_refused()
    {
        await cluster.ApplyWorkspace(Samples.Setup with { CronJobs = 1 }, default);
        await cluster.ApplyBackups("ws-a1", 7, default);
        var another = (JsonObject)(await simulator.Get("apis/batch/v1/namespaces/ws-a1/cronjobs/workspace-backup")).Body;
        another["metadata"] = new JsonObject { ["name"] = "nightly" };
        var answer = await simulator.Post("apis/batch/v1/namespaces/ws-a1/cronjobs", another);
        Assert.Contains("count/cronjobs.batch=1", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_move_an_app_rolls_out_as_before()
    {
        await simulator.Deploy("ws-a1", "web", 2);
        await simulator.Merge(
            "apis/apps/v1/namespaces/ws-a1/deployments/web",
            Manifests.Parse("""{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}}}"""));
        await NewNode();
        await Settles(Placement.SharedPool, 2);
        var before = (await simulator.Deployment("ws-a1", "web"))["spec"]!["strategy"]!.ToJsonString();
        await cluster.MoveWorkload("ws-a1", "web", Placement.DedicatedNodes, default);
        await Settles(Placement.DedicatedNodes, 2);
        Assert.NotEqual(before, (await simulator.Deployment("ws-a1", "web"))["spec"]!["strategy"]!.ToJsonString());
        await cluster.RestoreRollouts("ws-a1", "web", default);
        await cluster.RestoreRollouts("ws-a1", "web", default);
        Assert.Equal(before, (await simulator.Deployment("ws-a1", "web"))["spec"]!["strategy"]!.ToJsonString());
        await Settles(Placement.DedicatedNodes, 2);
    }

    [Fact]
    public async Task What_apps_request_is_used()
    {
        await simulator.Deploy("ws-a1", "web", 2);
        simulator.Wait(2);
        Assert.Equal(WorkspaceUsage.None with { CpuMillis = 100, MemoryMb = 128, Pods = 2 }, await cluster.ReadUsage("ws-a1", default));
    }

    [Fact]
    public async Task A_dedicated_node_comes_is_prepared_and_goes()
    {
        Assert.Equal(NodePhase.Missing, await Phase());
        await cluster.ApplyNode(Samples.Node, default);
        await cluster.ApplyNode(Samples.Node, default);
        Assert.Equal(NodePhase.Provisioning, await Phase());
        simulator.Wait(5);
        Assert.Equal(NodePhase.Joined, await Phase());
        await cluster.PrepareNode("ws-a1", "node-1", default);
        await cluster.PrepareNode("ws-a1", "node-1", default);
        var ready = await cluster.ReadNode("ws-a1", "node-1", default);
        Assert.Equal(NodePhase.Ready, ready.Phase);
        var node = (await simulator.Get($"api/v1/nodes/{ready.NodeName}")).Body;
        Assert.Equal("ws-a1", (string?)node["metadata"]!["labels"]!["hexabase.io/workspace"]);
        Assert.Equal("""[{"key":"dedicated","effect":"NoSchedule","value":"ws-a1"}]""", node["spec"]!["taints"]!.ToJsonString());
        await cluster.DeleteNode("ws-a1", "node-1", default);
        await cluster.DeleteNode("ws-a1", "node-1", default);
        Assert.Equal(NodePhase.Deleting, await Phase());
        simulator.Wait(5);
        Assert.Equal(NodePhase.Missing, await Phase());
    }

    [Fact]
    public async Task A_shortage_is_told_and_another_region_may_be_asked()
    {
        await simulator.Faults("""{"shortages":[{"size":"small","region":"tokyo"}]}""");
        await cluster.ApplyNode(Samples.Node, default);
        simulator.Wait(5);
        var state = await cluster.ReadNode("ws-a1", "node-1", default);
        Assert.Equal((NodePhase.Failed, NodeState.Shortage), (state.Phase, state.Reason));
        await cluster.DeleteNode("ws-a1", "node-1", default);
        simulator.Wait(5);
        await cluster.ApplyNode(Samples.Node with { Region = "osaka" }, default);
        simulator.Wait(5);
        Assert.Equal(NodePhase.Joined, await Phase());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task An_app_moves_to_its_node_and_back_without_ever_having_fewer_pods_ready(int replicas)
    {
        await simulator.Deploy("ws-a1", "web", replicas);
        await NewNode();
        await Settles(Placement.SharedPool, replicas);
        await cluster.MoveWorkload("ws-a1", "web", Placement.DedicatedNodes, default);
        Assert.False((await Web()).HasSettled);
        await Settles(Placement.DedicatedNodes, replicas);
        await cluster.MoveWorkload("ws-a1", "web", Placement.SharedPool, default);
        await Settles(Placement.SharedPool, replicas);
    }

    [Fact]
    public async Task An_app_that_does_not_start_on_its_node_says_why_and_goes_back()
    {
        await simulator.Deploy("ws-a1", "web", 2);
        await NewNode();
        await Settles(Placement.SharedPool, 2);
        await simulator.Faults("""{"pods":[{"symptom":"crash_loop","node_kind":"dedicated"}]}""");
        await cluster.MoveWorkload("ws-a1", "web", Placement.DedicatedNodes, default);
        simulator.Wait(30);
        var stuck = await Web();
        Assert.Equal((2, RolloutPhase.InProgress), (stuck.Ready, stuck.Rollout));
        Assert.Contains("CrashLoopBackOff", stuck.FailureMessage, StringComparison.Ordinal);
        await cluster.MoveWorkload("ws-a1", "web", Placement.SharedPool, default);
        await Settles(Placement.SharedPool, 2);
    }

    [Fact]
    public async Task An_app_without_a_node_to_run_on_runs_out_of_time()
    {
        await simulator.Deploy("ws-a1", "web", 2);
        await Settles(Placement.SharedPool, 2);
        await cluster.MoveWorkload("ws-a1", "web", Placement.DedicatedNodes, default);
        simulator.Wait(900);
        var late = await Web();
        Assert.Equal((RolloutPhase.Failed, 2), (late.Rollout, late.Ready));
        Assert.Contains("Unschedulable", late.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_rollout_waits_and_goes_on()
    {
        await simulator.Deploy("ws-a1", "web", 2);
        await NewNode();
        await Settles(Placement.SharedPool, 2);
        await cluster.PauseRollout("ws-a1", "web", paused: true, default);
        await cluster.MoveWorkload("ws-a1", "web", Placement.DedicatedNodes, default);
        simulator.Wait(30);
        var held = await Web();
        Assert.Equal((true, 2, 2), (held.IsPaused, held.Ready, held.ElsewherePods));
        await cluster.PauseRollout("ws-a1", "web", paused: false, default);
        await Settles(Placement.DedicatedNodes, 2);
    }

    [Fact]
    public async Task An_app_is_scaled()
    {
        await simulator.Deploy("ws-a1", "web", 1);
        await cluster.ScaleWorkload("ws-a1", "web", 2, default);
        await Settles(Placement.SharedPool, 2);
    }

    [Fact]
    public async Task An_app_answers_when_a_pod_is_ready_and_not_before()
    {
        await simulator.Deploy("ws-a1", "web", 1);
        Assert.False((await cluster.ProbeWorkload("ws-a1", "web", default))!.Succeeded);
        simulator.Wait(2);
        Assert.True((await cluster.ProbeWorkload("ws-a1", "web", default))!.Succeeded);
    }

    [Fact]
    public async Task Backups_are_switched_on_and_off()
    {
        await cluster.ApplyBackups("ws-a1", 3, default);
        await cluster.ApplyBackups("ws-a1", 7, default);
        var job = (await simulator.Get("apis/batch/v1/namespaces/ws-a1/cronjobs/workspace-backup")).Body;
        var container = job["spec"]!["jobTemplate"]!["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Contains(container["env"]!.AsArray(), env => (string?)env!["name"] == "KEEP_DAYS" && (string?)env["value"] == "7");
        await cluster.RemoveBackups("ws-a1", default);
        Assert.Empty((await simulator.Get("apis/batch/v1/namespaces/ws-a1/cronjobs")).Items);
    }

    [Fact]
    public async Task An_answer_that_is_lost_after_the_effect_makes_no_second_node()
    {
        await simulator.Faults("""{"api":[{"status":0,"after_effect":true,"method":"POST","path":"machinedeployments"}]}""");
        await cluster.ApplyNode(Samples.Node, default);
        Assert.Single((await simulator.Get($"{SimulatorHost.Machines}/machinedeployments")).Items);
    }

    private Task<Answer> NewPod(int cores) => simulator.Post("api/v1/namespaces/ws-a1/pods", Manifests.Parse($$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"big-{{{cores}}}"},
         "spec":{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"{{{cores}}}"} } }] } }
        """));

    private async Task<NodePhase> Phase() => (await cluster.ReadNode("ws-a1", "node-1", default)).Phase;

    private async Task<Workload> Web() => (await cluster.ReadWorkload("ws-a1", "web", default))!;

    private async Task NewNode()
    {
        await cluster.ApplyNode(Samples.Node, default);
        simulator.Wait(5);
        await cluster.PrepareNode("ws-a1", "node-1", default);
    }

    /// <summary>
    /// Looks twice a simulated second until the app is up where it is to be; once it was up, it never has fewer pods ready.
    /// </summary>
    private async Task Settles(Placement placement, int replicas)
    {
        var fewest = (await Web()).Ready;
        for (var looks = 0; looks < 240; looks++)
        {
            var web = await Web();
            Assert.True(web.Ready >= fewest, $"{web.Ready} ready, and there were {fewest}");
            fewest = Math.Min(replicas, Math.Max(fewest, web.Ready));
            if (web.HasSettled && web.Placement == placement && web.Ready == replicas)
                return;
            simulator.Wait(0.5);
        }
        Assert.Fail($"not settled: {await Web()}; {(await simulator.Deployment("ws-a1", "web"))["status"]!.ToJsonString()}");
    }
}
