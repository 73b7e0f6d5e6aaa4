using System.Text;
using Hexabase.Adapters.Kubernetes;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Tests.Kubernetes;

/// <summary>One workspace and what is in it.</summary>
internal static class Samples
{
    public const string Ns = "ws-a1";

    public static WorkspaceSetup Setup { get; } =
        new(Ns, "w_a1", "a0123456789abcdef", StorageGb: 100, "ssd", CpuMillis: 4000, MemoryMb: 16384, Pods: 110);

    public static DedicatedNode Node { get; } = new(Ns, "w_a1", "node-1", "small", "tokyo", Cpus: 2, MemoryGb: 8);

    public static ClusterOptions Options { get; } = new(
        "hexabase", "hexabase-machines", "AWSMachineTemplate", "KubeadmConfigTemplate", "{region}-{size}", KubernetesVersion: null,
        new Dictionary<string, string>(StringComparer.Ordinal) { ["standard"] = "standard", ["ssd"] = "ssd" },
        "ingress", ControlPlaneCidr: null, "backup:1");

    /// <summary>Two replicas on the shared pool, all of them up.</summary>
    public static Deployment Deployment(
        PodSpec? pod = null, DeploymentStatus? status = null, IReadOnlyList<Condition>? conditions = null) => new(
        new ObjectMeta("web", Ns, ResourceVersion: "7", Generation: 3),
        new DeploymentSpec(App("web"), new PodTemplate(pod ?? new PodSpec()), Replicas: 2),
        (status ?? Settled) with { Conditions = conditions });

    /// <summary>What a cluster gives an app that says nothing.</summary>
    public static DeploymentStrategy Quarters { get; } =
        Strategy("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}}""");

    /// <summary>What an app has while it is moved.</summary>
    public static DeploymentStrategy Surge { get; } =
        Strategy("""{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%","maxUnavailable":0}}""");

    public static DeploymentStrategy Recreate { get; } = new("Recreate");

    public static Deployment With(this Deployment deployment, DeploymentStrategy strategy) =>
        deployment with { Spec = deployment.Spec with { Strategy = strategy } };

    public static DeploymentStatus Settled { get; } =
        new(ObservedGeneration: 3, Replicas: 2, UpdatedReplicas: 2, ReadyReplicas: 2, AvailableReplicas: 2);

    public static PodSpec Shared { get; } = new();

    public static PodSpec Dedicated { get; } = new(Labels(("hexabase.io/workspace", Ns)), [Marks.Toleration(Ns)]);

    public static Pod Pod(string name, PodSpec spec, PodStatus? status = null, string app = "web") =>
        new(new ObjectMeta(name, Ns, Labels(("app", app))), spec, status ?? new PodStatus("Running"));

    public static Node KubernetesNode(string name, bool ready = true, string? label = null, params IReadOnlyList<Taint> taints) => new(
        new ObjectMeta(name, Labels: label is null ? null : Labels(("hexabase.io/workspace", label))),
        new NodeSpec(taints),
        new NodeStatus([new Condition("Ready", ready ? "True" : "False")]));

    public static IReadOnlyDictionary<string, string> Labels(params (string Key, string Value)[] labels) =>
        labels.ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal);

    private static DeploymentStrategy Strategy(string json) => KubernetesJson.Read<DeploymentStrategy>(Encoding.UTF8.GetBytes(json));

    private static LabelSelector App(string name) => new(Labels(("app", name)));
}
