using System.Text.Json.Nodes;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Tests.Kubernetes;

/// <summary>What Cluster API and the Node say, and what it means (docs/kubernetes.md, "A dedicated node").</summary>
public sealed class DedicatedNodesTests
{
    private static readonly Taint Own = new("dedicated", "NoSchedule", Samples.Ns);
    private static readonly Taint Pending = new("dedicated", "NoSchedule", "pending");
    private static readonly MachineDeployment Scaling = Deployment("ScalingUp");

    [Fact]
    public void No_machine_deployment_is_a_missing_node() => Assert.Equal(new NodeState(NodePhase.Missing), DedicatedNodes.Read(null, [], Samples.Ns));

    [Fact]
    public void No_machine_yet_is_provisioning() => Assert.Equal(new NodeState(NodePhase.Provisioning), Read(Scaling));

    [Fact]
    public void A_machine_without_a_node_is_provisioning() =>
        Assert.Equal(NodePhase.Provisioning, Read(Scaling, Machine(status: new MachineStatus("Provisioning"))).Phase);

    [Fact]
    public void A_node_that_is_not_ready_is_provisioning() =>
        Assert.Equal(NodePhase.Provisioning, Read(Scaling, Machine(Samples.KubernetesNode("n1", ready: false, Samples.Ns, Own))).Phase);

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData(Samples.Ns, false)]
    [InlineData("ws-other", true)]
    public void A_ready_node_without_label_or_taint_of_the_workspace_has_only_joined(string? label, bool tainted) => Assert.Equal(
        new NodeState(NodePhase.Joined, "n1"),
        Read(Scaling, Machine(Samples.KubernetesNode("n1", ready: true, label, tainted ? Own : Pending))));

    [Fact]
    public void A_ready_node_with_label_and_taint_is_ready() => Assert.Equal(
        new NodeState(NodePhase.Ready, "n1"), Read(Scaling, Machine(Samples.KubernetesNode("n1", ready: true, Samples.Ns, Own))));

    [Fact]
    public void While_a_machine_is_replaced_the_prepared_node_counts() => Assert.Equal(
        new NodeState(NodePhase.Ready, "n2"),
        Read(Scaling, Machine(Samples.KubernetesNode("n1")), Machine(Samples.KubernetesNode("n2", ready: true, Samples.Ns, Own))));

    [Fact]
    public void A_deployment_with_a_deletion_timestamp_is_being_deleted()
    {
        var deleting = Scaling with { Metadata = Scaling.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };
        Assert.Equal(NodePhase.Deleting, Read(deleting, Machine(Samples.KubernetesNode("n1", ready: true, Samples.Ns, Own))).Phase);
    }

    [Theory]
    [InlineData("InsufficientCapacity", "none left")]
    [InlineData("InstanceProvisionFailed", "api error InsufficientInstanceCapacity: We currently do not have sufficient m5.large capacity")]
    [InlineData("VMProvisionFailed", "SkuNotAvailable: the requested size is currently not available")]
    [InlineData("NotReady", "googleapi: Error 403: Quota exceeded for CPUS")]
    [InlineData("InstanceCreateFailed", "No valid host was found. There are not enough hosts available.")]
    public void A_shortage_has_failed_at_once_whatever_the_phase(string reason, string message)
    {
        var machine = Machine(status: new MachineStatus("Provisioning", [new Condition("InfrastructureReady", "False", reason, message)]));
        Assert.Equal(new NodeState(NodePhase.Failed, null, NodeState.Shortage, message), Read(Scaling, machine));
    }

    [Fact]
    public void A_condition_that_is_true_is_no_failure_however_it_is_worded()
    {
        var machine = Machine(status: new MachineStatus("Provisioned", [new Condition("Ready", "True", "Ready", "QuotaExceeded is over")]));
        Assert.Equal(NodePhase.Provisioning, Read(Scaling, machine).Phase);
    }

    [Fact]
    public void A_final_failure_of_a_machine_has_failed_with_its_reason()
    {
        var machine = Machine(status: new MachineStatus(
            "Provisioning", Deprecated: new DeprecatedMachineStatus(new MachineFailure("InvalidConfiguration", "no such image"))));
        Assert.Equal(new NodeState(NodePhase.Failed, null, "InvalidConfiguration", "no such image"), Read(Scaling, machine));
    }

    [Fact]
    public void The_phase_Failed_has_failed_with_the_reason_of_a_condition()
    {
        var failed = Deployment("Failed", new Condition("MachinesReady", "False", "NotReady", "Machine m1: broken"));
        Assert.Equal(new NodeState(NodePhase.Failed, null, "NotReady", "Machine m1: broken"), Read(failed));
    }

    [Fact]
    public void Waiting_conditions_are_no_failure() => Assert.Equal(
        NodePhase.Provisioning,
        Read(Scaling, Machine(status: new MachineStatus("Pending", [new Condition("BootstrapConfigReady", "False", "NotReady", "waiting")]))).Phase);

    [Fact]
    public void Preparing_labels_the_node_and_replaces_the_pending_taint_but_no_other()
    {
        var joined = Samples.KubernetesNode("n1", ready: true, null, Pending, new Taint("gpu", "NoExecute"));
        var patch = DedicatedNodes.Preparation(joined, Samples.Ns)!;
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(
                    """
                    {"metadata":{"labels":{"hexabase.io/workspace":"ws-a1"}},
                     "spec":{"taints":[{"key":"gpu","effect":"NoExecute"},{"key":"dedicated","effect":"NoSchedule","value":"ws-a1"}]}}
                    """),
                patch),
            patch.ToJsonString());
    }

    [Fact]
    public void A_prepared_node_is_left_alone() =>
        Assert.Null(DedicatedNodes.Preparation(Samples.KubernetesNode("n1", ready: true, Samples.Ns, Own), Samples.Ns));

    [Fact]
    public void The_longest_names_that_this_product_makes_fit_into_one_label()
    {
        var id = new string('0', 26);
        Assert.Equal($"ws-{id}-node-{id}", DedicatedNodes.NameOf($"ws-{id}", $"node-{id}"));
    }

    private static NodeState Read(MachineDeployment deployment, params MachineAndNode[] machines) =>
        DedicatedNodes.Read(deployment, machines, Samples.Ns);

    private static MachineDeployment Deployment(string phase, params Condition[] conditions) =>
        new(new ObjectMeta("ws-a1-node-1"), Status: new MachinePhase(phase, conditions));

    private static MachineAndNode Machine(Node? node = null, MachineStatus? status = null) =>
        new(new Machine(new ObjectMeta("m1"), status ?? new MachineStatus("Running")), node);
}
