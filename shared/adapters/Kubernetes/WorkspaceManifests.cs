using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>What a workspace is made of on the cluster (sheet section 4); docs/kubernetes.md shows it.</summary>
internal static class WorkspaceManifests
{
    /// <summary>Of the quota and of the limits.</summary>
    public const string Name = "workspace";

    private static readonly string[] PrivateAddresses =
        ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

    private static readonly string[] PrivateAddressesV6 = ["fc00::/7", "fe80::/10"];

    public static Namespace Namespace(WorkspaceSetup setup) => new(new ObjectMeta(
        setup.Namespace,
        Labels: new Dictionary<string, string>(Marks.OfWorkspace(setup.Namespace), StringComparer.Ordinal)
        {
            [Marks.WorkspaceId] = setup.WorkspaceId,
            [Marks.Account] = setup.AccountId,
            ["pod-security.kubernetes.io/enforce"] = "restricted",
        }));

    /// <summary>
    /// Memory is limited as well as requested, for what one workspace takes beyond its requests its neighbours miss. Ways into the cluster
    /// that pass by the ingress are closed.
    /// </summary>
    /// <param name="storageClasses">Of the cluster, by the kind of disk that plans name. All kinds but the workspace's own are closed to
    /// new volumes.</param>
    /// <exception cref="ClusterException">The cluster has no disks of that kind.</exception>
    public static ResourceQuota Quota(WorkspaceSetup setup, IReadOnlyDictionary<string, string> storageClasses)
    {
        if (!storageClasses.TryGetValue(setup.StorageClass, out var own))
            throw new ClusterException("NotConfigured", $"The cluster has no storage class for disks of kind {setup.StorageClass}.");
        var storage = Quantity.Gibibytes(setup.StorageGb);
        var hard = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["requests.cpu"] = Quantity.Millis(setup.CpuMillis),
            ["requests.memory"] = Quantity.Mebibytes(setup.MemoryMb),
            ["limits.memory"] = Quantity.Mebibytes(setup.MemoryMb),
            ["pods"] = Quantity.Count(setup.Pods),
            ["services.loadbalancers"] = "0",
            ["services.nodeports"] = "0",
            ["requests.storage"] = storage,
        };
        if (setup.Functions is { } functions)
            hard["count/services.serving.knative.dev"] = Quantity.Count(functions);
        if (setup.CronJobs is { } cronJobs)
            hard["count/cronjobs.batch"] = Quantity.Count(cronJobs);
        foreach (var name in storageClasses.Values)
            hard[$"{name}.storageclass.storage.k8s.io/requests.storage"] = name == own ? storage : "0";
        return new ResourceQuota(Own(setup.Namespace, Name), new ResourceQuotaSpec(hard));
    }

    /// <summary>What a container has that says nothing: without it the quota would refuse its pod.</summary>
    public static LimitRange Limits(string ns) => new(
        Own(ns, Name),
        new LimitRangeSpec([new LimitRangeItem(
            "Container",
            Default: new Dictionary<string, string>(StringComparer.Ordinal) { ["memory"] = "128Mi" },
            DefaultRequest: new Dictionary<string, string>(StringComparer.Ordinal) { ["cpu"] = "50m", ["memory"] = "128Mi" })]));

    /// <summary>
    /// In: from the workspace itself, and visitors through the ingress. Out: to the workspace itself, names, and the internet. Nothing
    /// else, above all no other workspace, no node and no metadata service of a cloud.
    /// </summary>
    public static NetworkPolicy Isolation(string ns, string ingressNamespace, string? controlPlaneCidr)
    {
        var itself = new NetworkPolicyPeer(LabelSelector.Everything);
        var ingress = new List<NetworkPolicyIngress>
        {
            new([itself]),
            new([new NetworkPolicyPeer(NamespaceSelector: Labelled("kubernetes.io/metadata.name", ingressNamespace))]),
        };
        if (controlPlaneCidr is not null) // Apps are probed through the API server.
            ingress.Add(new NetworkPolicyIngress([new NetworkPolicyPeer(IpBlock: new IpBlock(controlPlaneCidr))]));
        return new NetworkPolicy(Own(ns, "isolate"), new NetworkPolicySpec(
            LabelSelector.Everything,
            ["Ingress", "Egress"],
            ingress,
            [
                new NetworkPolicyEgress([itself]),
                new NetworkPolicyEgress(
                    [new NetworkPolicyPeer(Labelled("k8s-app", "kube-dns"), Labelled("kubernetes.io/metadata.name", "kube-system"))],
                    [new NetworkPolicyPort("UDP", 53), new NetworkPolicyPort("TCP", 53)]),
                new NetworkPolicyEgress(
                [
                    new NetworkPolicyPeer(IpBlock: new IpBlock("0.0.0.0/0", PrivateAddresses)),
                    new NetworkPolicyPeer(IpBlock: new IpBlock("::/0", PrivateAddressesV6)),
                ]),
            ]));
    }

    /// <summary>The account of every pod that names none: it gets no token for the cluster's API.</summary>
    public static ServiceAccount Account(string ns) => new(Own(ns, "default"), AutomountServiceAccountToken: false);

    internal static ObjectMeta Own(string ns, string name) => new(name, ns, Marks.OfWorkspace(ns));

    internal static LabelSelector Labelled(string key, string value) =>
        new(new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value });
}
