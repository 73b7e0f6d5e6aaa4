namespace Hexabase.Adapters.Kubernetes.Objects;

internal sealed record Role(ObjectMeta Metadata, IReadOnlyList<PolicyRule> Rules) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("rbac.authorization.k8s.io/v1", "Role", "roles");
}

internal sealed record PolicyRule(IReadOnlyList<string> ApiGroups, IReadOnlyList<string> Resources, IReadOnlyList<string> Verbs);

internal sealed record RoleBinding(ObjectMeta Metadata, IReadOnlyList<Subject> Subjects, RoleReference RoleRef) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings");
}

internal sealed record Subject(string Kind, string Name, string Namespace);

internal sealed record RoleReference(string ApiGroup, string Kind, string Name);

internal sealed record CronJob(ObjectMeta Metadata, CronJobSpec Spec) : IKubernetesObject
{
    public static ResourceType Type { get; } = new("batch/v1", "CronJob", "cronjobs");
}

internal sealed record CronJobSpec(
    string Schedule, string TimeZone, string ConcurrencyPolicy, int StartingDeadlineSeconds, JobTemplate JobTemplate);

internal sealed record JobTemplate(JobSpec Spec);

internal sealed record JobSpec(int BackoffLimit, int ActiveDeadlineSeconds, JobPodTemplate Template);

internal sealed record JobPodTemplate(ObjectLabels Metadata, JobPodSpec Spec);

/// <summary>Metadata of what gets its name elsewhere.</summary>
internal sealed record ObjectLabels(IReadOnlyDictionary<string, string> Labels);

internal sealed record JobPodSpec(
    string RestartPolicy,
    string ServiceAccountName,
    bool AutomountServiceAccountToken,
    PodSecurityContext SecurityContext,
    IReadOnlyList<Container> Containers);

internal sealed record PodSecurityContext(bool RunAsNonRoot, SeccompProfile SeccompProfile);

internal sealed record SeccompProfile(string Type);

internal sealed record Container(
    string Name, string Image, IReadOnlyList<EnvironmentVariable> Env, ContainerResources Resources, ContainerSecurityContext SecurityContext);

internal sealed record EnvironmentVariable(string Name, string Value);

internal sealed record ContainerResources(IReadOnlyDictionary<string, string> Requests, IReadOnlyDictionary<string, string> Limits);

internal sealed record ContainerSecurityContext(bool AllowPrivilegeEscalation, bool ReadOnlyRootFilesystem, Capabilities Capabilities);

internal sealed record Capabilities(IReadOnlyList<string> Drop);
