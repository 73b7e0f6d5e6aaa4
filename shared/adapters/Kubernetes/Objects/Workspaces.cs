namespace Hexabase.Adapters.Kubernetes.Objects;

internal sealed record Namespace(ObjectMeta Metadata) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("v1", "Namespace", "namespaces", IsNamespaced: false);
}

internal sealed record ResourceQuota(ObjectMeta Metadata, ResourceQuotaSpec Spec, ResourceQuotaStatus? Status = null) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("v1", "ResourceQuota", "resourcequotas");
}

internal sealed record ResourceQuotaSpec(IReadOnlyDictionary<string, string> Hard);

internal sealed record ResourceQuotaStatus(IReadOnlyDictionary<string, string>? Used = null);

internal sealed record LimitRange(ObjectMeta Metadata, LimitRangeSpec Spec) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("v1", "LimitRange", "limitranges");
}

internal sealed record LimitRangeSpec(IReadOnlyList<LimitRangeItem> Limits);

internal sealed record LimitRangeItem(
    string Type, IReadOnlyDictionary<string, string> Default, IReadOnlyDictionary<string, string> DefaultRequest);

internal sealed record ServiceAccount(ObjectMeta Metadata, bool AutomountServiceAccountToken) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("v1", "ServiceAccount", "serviceaccounts");
}

internal sealed record NetworkPolicy(ObjectMeta Metadata, NetworkPolicySpec Spec) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies");
}

/// <param name="PodSelector">The pods it is about, all when it is empty.</param>
internal sealed record NetworkPolicySpec(
    LabelSelector PodSelector,
    IReadOnlyList<string> PolicyTypes,
    IReadOnlyList<NetworkPolicyIngress>? Ingress = null,
    IReadOnlyList<NetworkPolicyEgress>? Egress = null);

internal sealed record NetworkPolicyIngress(IReadOnlyList<NetworkPolicyPeer> From);

internal sealed record NetworkPolicyEgress(IReadOnlyList<NetworkPolicyPeer> To, IReadOnlyList<NetworkPolicyPort>? Ports = null);

/// <summary>Both selectors together mean pods that match both.</summary>
internal sealed record NetworkPolicyPeer(
    LabelSelector? PodSelector = null, LabelSelector? NamespaceSelector = null, IpBlock? IpBlock = null);

internal sealed record IpBlock(string Cidr, IReadOnlyList<string>? Except = null);

internal sealed record NetworkPolicyPort(string Protocol, int Port);
