using System.Text.Json.Serialization;

namespace Hexabase.Adapters.Kubernetes.Objects;

/// <summary>Machines that are alike (Cluster API).</summary>
internal sealed record MachineDeployment(ObjectMeta Metadata, MachineDeploymentSpec? Spec = null, MachinePhase? Status = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("cluster.x-k8s.io/v1beta2", "MachineDeployment", "machinedeployments");
}

internal sealed record MachineDeploymentSpec(string ClusterName, int Replicas, LabelSelector Selector, MachineTemplate Template);

internal sealed record MachineTemplate(ObjectLabels Metadata, MachineSpec Spec);

internal sealed record MachineSpec(
    string ClusterName, string? Version, MachineBootstrap Bootstrap, TemplateReference InfrastructureRef, MachineDeletion Deletion);

internal sealed record MachineBootstrap(TemplateReference ConfigRef);

internal sealed record TemplateReference(string ApiGroup, string Kind, string Name);

/// <param name="NodeDrainTimeoutSeconds">How long pods are asked to leave before the machine goes all the same.</param>
internal sealed record MachineDeletion(int NodeDrainTimeoutSeconds);

/// <summary>One machine that a deployment of machines has made.</summary>
internal sealed record Machine(ObjectMeta Metadata, MachineStatus? Status = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("cluster.x-k8s.io/v1beta2", "Machine", "machines");
}

/// <summary>What deployments of machines say of themselves.</summary>
internal sealed record MachinePhase(string? Phase = null, IReadOnlyList<Condition>? Conditions = null);

internal sealed record MachineStatus(
    string? Phase = null, IReadOnlyList<Condition>? Conditions = null, NodeReference? NodeRef = null, DeprecatedMachineStatus? Deprecated = null);

internal sealed record NodeReference(string Name);

internal sealed record DeprecatedMachineStatus([property: JsonPropertyName("v1beta1")] MachineFailure? V1Beta1 = null);

/// <summary>A failure that the provider takes for final, in the one place where version v1beta2 still has it.</summary>
internal sealed record MachineFailure(string? FailureReason = null, string? FailureMessage = null);

internal sealed record Node(ObjectMeta Metadata, NodeSpec? Spec = null, NodeStatus? Status = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("v1", "Node", "nodes", IsNamespaced: false);
}

internal sealed record NodeSpec(IReadOnlyList<Taint>? Taints = null);

internal sealed record Taint(string Key, string Effect, string? Value = null, DateTimeOffset? TimeAdded = null);

internal sealed record NodeStatus(IReadOnlyList<Condition>? Conditions = null);
