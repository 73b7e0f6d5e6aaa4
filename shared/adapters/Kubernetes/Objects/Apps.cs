using System.Text.Json.Nodes;

namespace Hexabase.Adapters.Kubernetes.Objects;

internal sealed record Deployment(ObjectMeta Metadata, DeploymentSpec Spec, DeploymentStatus? Status = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("apps/v1", "Deployment", "deployments");
}

/// <param name="Replicas">One when nothing is said.</param>
internal sealed record DeploymentSpec(
    LabelSelector Selector, PodTemplate Template, int? Replicas = null, DeploymentStrategy? Strategy = null, bool Paused = false);

internal sealed record DeploymentStrategy(string? Type = null, RollingUpdate? RollingUpdate = null);

/// <summary>Numbers of pods, or percentages as text.</summary>
internal sealed record RollingUpdate(JsonValue? MaxSurge = null, JsonValue? MaxUnavailable = null);

/// <summary>Numbers that are not there are 0.</summary>
internal sealed record DeploymentStatus(
    long ObservedGeneration = 0,
    int Replicas = 0,
    int UpdatedReplicas = 0,
    int ReadyReplicas = 0,
    int AvailableReplicas = 0,
    IReadOnlyList<Condition>? Conditions = null);

internal sealed record PodTemplate(PodSpec Spec);

internal sealed record PodSpec(
    IReadOnlyDictionary<string, string>? NodeSelector = null, IReadOnlyList<Toleration>? Tolerations = null);

internal sealed record Toleration(
    string? Key = null, string? Operator = null, string? Value = null, string? Effect = null, long? TolerationSeconds = null);

internal sealed record Pod(ObjectMeta Metadata, PodSpec Spec, PodStatus? Status = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("v1", "Pod", "pods");
}

internal sealed record PodStatus(
    string? Phase = null,
    IReadOnlyList<Condition>? Conditions = null,
    IReadOnlyList<ContainerStatus>? InitContainerStatuses = null,
    IReadOnlyList<ContainerStatus>? ContainerStatuses = null);

internal sealed record ContainerStatus(string Name, ContainerState? State = null);

internal sealed record ContainerState(WaitingContainer? Waiting = null);

internal sealed record WaitingContainer(string? Reason = null, string? Message = null);

internal sealed record Service(ObjectMeta Metadata, ServiceSpec? Spec = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("v1", "Service", "services");
}

internal sealed record ServiceSpec(IReadOnlyList<ServicePort>? Ports = null);

internal sealed record ServicePort(int Port);
