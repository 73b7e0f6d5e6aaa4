using System.Collections.Frozen;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>A kind of object that the simulated cluster knows (fact sheet, §4 and §7).</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Fields">Beside apiVersion, kind and metadata: all that <c>fieldValidation=Strict</c> lets pass.</param>
/// <param name="SpecFields">Likewise inside the spec; empty where the spec is not looked into.</param>
internal sealed record ResourceType(
    string Group, string Version, string Plural, string Kind, bool IsNamespaced, FrozenSet<string> Fields, FrozenSet<string> SpecFields)
{
    public static readonly ResourceType Namespace = Core("namespaces", "Namespace", isNamespaced: false);
    public static readonly ResourceType Node = Core("nodes", "Node", isNamespaced: false);
    public static readonly ResourceType Pod = Core("pods", "Pod");
    public static readonly ResourceType Service = Core("services", "Service");
    public static readonly ResourceType Event = Core(
        "events", "Event", fields: "involvedObject reason message type count firstTimestamp lastTimestamp "
        + "source eventTime reportingComponent reportingInstance action related series");
    public static readonly ResourceType ResourceQuota = Core("resourcequotas", "ResourceQuota", spec: "hard scopes scopeSelector");
    public static readonly ResourceType LimitRange = Core("limitranges", "LimitRange", spec: "limits");
    public static readonly ResourceType PersistentVolumeClaim = Core("persistentvolumeclaims", "PersistentVolumeClaim");
    public static readonly ResourceType RoleBinding = New(
        "rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", fields: "subjects roleRef");
    public static readonly ResourceType CronJob = New(
        "batch", "v1", "cronjobs", "CronJob", spec: "schedule timeZone startingDeadlineSeconds "
        + "concurrencyPolicy suspend jobTemplate successfulJobsHistoryLimit failedJobsHistoryLimit");
    public static readonly ResourceType Deployment = New(
        "apps", "v1", "deployments", "Deployment", spec: "replicas selector template strategy "
        + "minReadySeconds progressDeadlineSeconds revisionHistoryLimit paused");
    public static readonly ResourceType ReplicaSet = New(
        "apps", "v1", "replicasets", "ReplicaSet", spec: "replicas selector template minReadySeconds");
    public static readonly ResourceType PodDisruptionBudget = New(
        "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget",
        spec: "minAvailable maxUnavailable selector unhealthyPodEvictionPolicy");
    public static readonly ResourceType MachineDeployment = New(ClusterApi, "v1beta2", "machinedeployments", "MachineDeployment",
        spec: "clusterName replicas selector template rollout machineNaming remediation deletion paused");
    public static readonly ResourceType Machine = New(ClusterApi, "v1beta2", "machines", "Machine");

    private const string ClusterApi = "cluster.x-k8s.io";

    public static IReadOnlyList<ResourceType> All { get; } =
    [
        Namespace, Node, Pod, Service, Event, ResourceQuota, LimitRange, PersistentVolumeClaim, RoleBinding, CronJob, Deployment,
        ReplicaSet, PodDisruptionBudget, MachineDeployment, Machine,
        Core("serviceaccounts", "ServiceAccount", fields: "automountServiceAccountToken imagePullSecrets secrets"),
        Core("secrets", "Secret", fields: "type data stringData immutable"),
        Core("configmaps", "ConfigMap", fields: "data binaryData immutable"),
        New("apps", "v1", "statefulsets", "StatefulSet"),
        New("batch", "v1", "jobs", "Job"),
        New("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", spec: "podSelector policyTypes ingress egress"),
        New("networking.k8s.io", "v1", "ingresses", "Ingress", spec: "ingressClassName tls rules defaultBackend"),
        New("rbac.authorization.k8s.io", "v1", "roles", "Role", fields: "rules"),
    ];

    public string ApiVersion => Group == "" ? Version : $"{Group}/{Version}";

    /// <summary>As messages name it, and what it is stored under: <c>deployments.apps</c>.</summary>
    public string FullName => Group == "" ? Plural : $"{Plural}.{Group}";

    /// <summary>Built in, not a custom resource: lists leave out the kind of each item, and strategic merge patches are taken.</summary>
    public bool IsBuiltIn => Group != ClusterApi;

    public bool HasScale => this == Deployment || this == ReplicaSet || this == MachineDeployment;

    public static ResourceType? Find(string group, string version, string plural) =>
        All.FirstOrDefault(t => t.Group == group && t.Version == version && t.Plural == plural);

    public bool Equals(ResourceType? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => FullName.GetHashCode(StringComparison.Ordinal);

    private static ResourceType Core(
        string plural, string kind, bool isNamespaced = true, string fields = "spec status", string spec = "") =>
        New("", "v1", plural, kind, isNamespaced, fields, spec);

    private static ResourceType New(
        string group, string version, string plural, string kind,
        bool isNamespaced = true, string fields = "spec status", string spec = "") =>
        new(group, version, plural, kind, isNamespaced, Words(fields), Words(spec));

    private static FrozenSet<string> Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
