using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hexabase.Adapters.Kubernetes.Objects;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>
/// The daily backup of a workspace: a job that may snapshot the workspace's volumes and nothing else. Its image gives every backup its own
/// end, so that kept backups outlive the schedule and still go in time.
/// </summary>
internal static class BackupManifests
{
    public const string Name = "workspace-backup";

    private const string NameLabel = "app.kubernetes.io/name";
    private const int SixHours = 6 * 60 * 60;
    private const int FirstHour = 16;
    private const int Hours = 4;

    public static ServiceAccount Account(string ns) => new(WorkspaceManifests.Own(ns, Name), AutomountServiceAccountToken: false);

    public static Role Role(string ns) => new(WorkspaceManifests.Own(ns, Name),
    [
        new PolicyRule([""], ["persistentvolumeclaims"], ["get", "list"]),
        new PolicyRule(["snapshot.storage.k8s.io"], ["volumesnapshots"], ["get", "list", "create", "delete"]),
    ]);

    public static RoleBinding Binding(string ns) => new(
        WorkspaceManifests.Own(ns, Name),
        [new Subject("ServiceAccount", Name, ns)],
        new RoleReference("rbac.authorization.k8s.io", "Role", Name));

    /// <summary>The one pod of a workspace that speaks with the cluster's API.</summary>
    public static NetworkPolicy ServerAccess(string ns, string controlPlaneCidr) => new(
        WorkspaceManifests.Own(ns, Name),
        new NetworkPolicySpec(
            WorkspaceManifests.Labelled(NameLabel, Name),
            ["Egress"],
            Egress:
            [
                new NetworkPolicyEgress(
                    [new NetworkPolicyPeer(IpBlock: new IpBlock(controlPlaneCidr))],
                    [new NetworkPolicyPort("TCP", 443), new NetworkPolicyPort("TCP", 6443)]),
            ]));

    public static CronJob Schedule(string ns, int keepDays, string image) => new(
        WorkspaceManifests.Own(ns, Name),
        new CronJobSpec(
            DailyAt(ns),
            "Etc/UTC",
            "Forbid",
            StartingDeadlineSeconds: SixHours,
            new JobTemplate(new JobSpec(
                BackoffLimit: 2,
                ActiveDeadlineSeconds: SixHours,
                new JobPodTemplate(
                    new ObjectLabels(new Dictionary<string, string>(Marks.OfWorkspace(ns), StringComparer.Ordinal) { [NameLabel] = Name }),
                    new JobPodSpec(
                        "Never",
                        Name,
                        AutomountServiceAccountToken: true,
                        new PodSecurityContext(RunAsNonRoot: true, new SeccompProfile("RuntimeDefault")),
                        [Container(ns, keepDays, image)]))))));

    /// <summary>In the small hours of Tokyo, each workspace at a minute of its own: together they would be a load.</summary>
    internal static string DailyAt(string ns)
    {
        var minute = BinaryPrimitives.ReadUInt16LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(ns))) % (Hours * 60);
        return string.Create(CultureInfo.InvariantCulture, $"{minute % 60} {FirstHour + (minute / 60)} * * *");
    }

    private static Container Container(string ns, int keepDays, string image)
    {
        var resources = new Dictionary<string, string>(StringComparer.Ordinal) { ["cpu"] = "50m", ["memory"] = "128Mi" };
        var memory = new Dictionary<string, string>(StringComparer.Ordinal) { ["memory"] = "128Mi" };
        return new Container(
            "backup",
            image,
            [new EnvironmentVariable("WORKSPACE", ns), new EnvironmentVariable("KEEP_DAYS", Quantity.Count(keepDays))],
            new ContainerResources(resources, memory),
            new ContainerSecurityContext(AllowPrivilegeEscalation: false, ReadOnlyRootFilesystem: true, new Capabilities(["ALL"])));
    }
}
