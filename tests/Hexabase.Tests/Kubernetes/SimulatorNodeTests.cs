using System.Text.Json.Nodes;

namespace Hexabase.Tests.Kubernetes;

/// <summary>Deployments of machines and the nodes they become (fact sheet, §7).</summary>
public sealed class SimulatorNodeTests : IAsyncLifetime
{
    private const string Deployments = SimulatorHost.Machines + "/machinedeployments";
    private const string Pool = Deployments + "/pool";

    private SimulatorHost cluster = null!;

    public async Task InitializeAsync() => cluster = await SimulatorHost.Start();

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task There_is_a_shared_pool_of_two_nodes_from_the_start() =>
        Assert.Equal(["shared-1", "shared-2"], (await cluster.Get("api/v1/nodes")).Names);

    [Fact]
    public async Task A_machine_joins_as_a_node_after_five_seconds()
    {
        await Order();
        cluster.Wait(4.999);
        Assert.Equal(("Provisioning", "ScalingUp"), (await MachinePhase(), await Phase()));
        cluster.Wait(0.001);
        Assert.Equal(("Running", "Running"), (await MachinePhase(), await Phase()));
        var node = (await cluster.Get($"api/v1/nodes/{(string?)(await Machine())["status"]!["nodeRef"]!["name"]}")).Body;
        Assert.Equal(200, (await cluster.Get($"api/v1/nodes/{(string?)node["metadata"]!["name"]}")).Code);
        Assert.Contains(node["status"]!["conditions"]!.AsArray(), c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True");
        Assert.Equal("2", (string?)node["status"]!["allocatable"]!["cpu"]);
    }

    [Fact]
    public async Task A_deployment_is_ready_by_the_rule_of_Cluster_API()
    {
        await Order();
        cluster.Wait(5);
        var deployment = (await cluster.Get(Pool)).Body;
        var status = deployment["status"]!;
        Assert.Equal((int)deployment["metadata"]!["generation"]!, (int)status["observedGeneration"]!);
        Assert.Equal((1, 1, 1), ((int)status["replicas"]!, (int)status["upToDateReplicas"]!, (int)status["availableReplicas"]!));
        Assert.Equal(("True", "False"), (Condition(deployment, "Available", "status"), Condition(deployment, "ScalingUp", "status")));
    }

    [Fact]
    public async Task Of_a_machines_labels_those_go_to_the_node_that_Cluster_API_passes_on()
    {
        await Order();
        cluster.Wait(5);
        var labels = (await DedicatedNodes()).Single()["metadata"]!["labels"]!;
        Assert.Equal(("dedicated", null), ((string?)labels["node.cluster.x-k8s.io/pool"], (string?)labels["other"]));
    }

    [Fact]
    public async Task Time_to_join_goes_on_while_the_host_is_down()
    {
        await Order();
        cluster.Wait(3);
        await using var next = await cluster.StartAfterCrash();
        next.Wait(2);
        Assert.Equal(3, (await next.Get("api/v1/nodes")).Names.Count());
    }

    [Fact]
    public async Task In_a_shortage_a_machine_fails_and_says_why()
    {
        await cluster.Faults("""{"shortages":[{"size":"small","region":"tokyo"}]}""");
        await Order();
        cluster.Wait(5);
        var machine = await Machine();
        Assert.Equal(("Failed", "Failed"), (await MachinePhase(), await Phase()));
        Assert.Equal("InsufficientCapacity", Condition(machine, "InfrastructureReady", "reason"));
        Assert.Contains(
            "no machine of size small is to be had in tokyo",
            Condition(machine, "InfrastructureReady", "message"),
            StringComparison.Ordinal);
        Assert.Empty(await DedicatedNodes());
    }

    [Fact]
    public async Task A_shortage_is_of_one_size_and_region()
    {
        await cluster.Faults("""{"shortages":[{"size":"small","region":"osaka"},{"size":"large","region":"tokyo"}]}""");
        await Order();
        cluster.Wait(5);
        Assert.Equal("Running", await MachinePhase());
    }

    [Fact]
    public async Task A_failed_machine_is_tried_again_until_there_is_one()
    {
        await cluster.Faults("""{"shortages":[{"times":2}],"node_retry_seconds":10}""");
        await Order();
        cluster.Wait(5);
        Assert.Equal("Failed", await MachinePhase());
        cluster.Wait(10);
        Assert.Equal("Failed", await MachinePhase());
        cluster.Wait(15); // the pauses grow with the time it has been failing
        Assert.Equal("Provisioning", await MachinePhase());
        cluster.Wait(5);
        Assert.Equal("Running", await MachinePhase());
    }

    [Fact]
    public async Task Lifting_a_shortage_or_writing_the_deployment_tries_at_once()
    {
        await cluster.Faults("""{"shortages":[{}],"node_retry_seconds":3600}""");
        await Order();
        cluster.Wait(5);
        await cluster.Merge($"{Pool}/scale", Manifests.Parse("""{"spec":{"replicas":1}}"""));
        Assert.Equal("Failed", await MachinePhase());
        await cluster.Admin(HttpMethod.Delete, "faults");
        Assert.Equal("Provisioning", await MachinePhase());
    }

    [Fact]
    public async Task Scaling_adds_and_takes_machines()
    {
        await Order();
        cluster.Wait(5);
        await cluster.Merge($"{Pool}/scale", Manifests.Parse("""{"spec":{"replicas":3}}"""));
        cluster.Wait(5);
        Assert.Equal(3, (await DedicatedNodes()).Count);
        var scale = await cluster.Merge($"{Pool}/scale", Manifests.Parse("""{"spec":{"replicas":1}}"""));
        Assert.Equal(("Scale", 1), ((string?)scale.Body["kind"], (int)scale.Body["spec"]!["replicas"]!));
        cluster.Wait(1);
        Assert.Single(await DedicatedNodes());
    }

    [Fact]
    public async Task A_deployment_that_is_deleted_stays_until_its_node_is_gone()
    {
        await Order();
        cluster.Wait(5);
        await cluster.Delete(Pool, Manifests.Parse("""{"propagationPolicy":"Foreground"}"""));
        Assert.NotNull((await cluster.Get(Pool)).Body["metadata"]!["deletionTimestamp"]);
        Assert.Equal("Deleting", await MachinePhase());
        cluster.Wait(1);
        Assert.Equal(404, (await cluster.Get(Pool)).Code);
        Assert.Empty(await DedicatedNodes());
    }

    [Fact]
    public async Task A_machine_on_its_way_can_be_deleted_too()
    {
        await Order();
        await cluster.Delete(Pool);
        cluster.Wait(10);
        Assert.Equal(404, (await cluster.Get(Pool)).Code);
        Assert.Empty(await DedicatedNodes());
    }

    [Fact]
    public async Task A_leaving_node_ends_its_pods_and_they_start_elsewhere()
    {
        await Order();
        cluster.Wait(5);
        var node = (string)(await DedicatedNodes()).Single()["metadata"]!["name"]!;
        foreach (var shared in new[] { "shared-1", "shared-2" })
            await cluster.Merge($"api/v1/nodes/{shared}", Manifests.Parse("""{"spec":{"unschedulable":true}}"""));
        await cluster.Deploy("ws-1", "web", 1);
        cluster.Wait(1);
        Assert.Equal(node, (string?)(await cluster.Pods("ws-1")).Single()["spec"]!["nodeName"]);

        await cluster.Merge("api/v1/nodes/shared-1", Manifests.Parse("""{"spec":{"unschedulable":null}}"""));
        await cluster.Delete(Pool);
        cluster.Wait(2);
        Assert.Equal("shared-1", (string?)(await cluster.Pods("ws-1")).Single()["spec"]!["nodeName"]);
        Assert.Empty(await DedicatedNodes());
    }

    private async Task Order() => Assert.Equal(201, (await cluster.Apply(Pool, Manifests.MachineDeployment("pool"))).Code);

    private async Task<JsonNode> Machine() =>
        (await cluster.Get($"{SimulatorHost.Machines}/machines?labelSelector=cluster.x-k8s.io/deployment-name%3Dpool")).Items.Single();

    private async Task<string?> MachinePhase() => (string?)(await Machine())["status"]!["phase"];

    private async Task<string?> Phase() => (string?)(await cluster.Get(Pool)).Body["status"]!["phase"];

    private async Task<IReadOnlyList<JsonNode>> DedicatedNodes() =>
    [
        .. (await cluster.Get("api/v1/nodes")).Items
            .Where(n => !((string)n["metadata"]!["name"]!).StartsWith("shared", StringComparison.Ordinal)),
    ];

    private static string? Condition(JsonNode of, string type, string field) =>
        (string?)of["status"]!["conditions"]!.AsArray().Single(c => (string?)c!["type"] == type)![field];
}
