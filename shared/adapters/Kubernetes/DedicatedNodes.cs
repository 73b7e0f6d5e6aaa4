using System.Text.Json.Nodes;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>A machine that has been made, and the Kubernetes node that it has become, if it has.</summary>
internal sealed record MachineAndNode(Machine Machine, Node? Node);

/// <summary>
/// Dedicated nodes as Cluster API knows them (sheet sections 6 and 7): a MachineDeployment of one replica, its Machine, and the Node that this
/// becomes. They are where the Cluster object is, out of reach of the workspace.
/// </summary>
internal static class DedicatedNodes
{
    /// <summary>Pods that a disruption budget holds for longer go with the machine: their plan is over.</summary>
    private const int DrainSeconds = 600;

    /// <summary>How providers say that there is no machine to be had, or no more for this customer, in reasons and messages of conditions.</summary>
    private static readonly string[] Shortages =
    [
        "InsufficientCapacity", "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InstanceLimitExceeded", "VcpuLimitExceeded", // AWS
        "SkuNotAvailable", "AllocationFailed", "OverconstrainedAllocationRequest", "exceeding approved", // Azure
        "RESOURCE_POOL_EXHAUSTED", "QuotaExceeded", "quota exceeded", // Google and others
        "No valid host was found", "resource_unavailable", // OpenStack, Hetzner
    ];

    /// <summary>Of the MachineDeployment: unlike the node's name, unique among all workspaces.</summary>
    /// <exception cref="ArgumentException">Too long together, or no DNS label.</exception>
    public static string NameOf(string ns, string nodeName) => ApiPath.Label($"{ns}-{nodeName}");

    public static MachineDeployment Manifest(DedicatedNode node, ClusterOptions options)
    {
        var name = NameOf(node.Namespace, node.Name);
        var template = options.NodeTemplate
            .Replace("{region}", node.Region, StringComparison.Ordinal)
            .Replace("{size}", node.Size, StringComparison.Ordinal);
        var labels = new Dictionary<string, string>(Marks.OfWorkspace(node.Namespace), StringComparer.Ordinal)
        {
            [Marks.WorkspaceId] = node.WorkspaceId,
            [Marks.Size] = node.Size,
            [Marks.Region] = node.Region,
        };
        return new MachineDeployment(
            new ObjectMeta(name, options.MachineNamespace, labels),
            new MachineDeploymentSpec(
                options.Name,
                Replicas: 1,
                WorkspaceManifests.Labelled(Marks.DeploymentName, name),
                new MachineTemplate(
                    new ObjectLabels(new Dictionary<string, string>(labels, StringComparer.Ordinal) { [Marks.DeploymentName] = name }),
                    new MachineSpec(
                        options.Name,
                        options.KubernetesVersion,
                        new MachineBootstrap(new TemplateReference("bootstrap.cluster.x-k8s.io", options.BootstrapKind, template)),
                        new TemplateReference("infrastructure.cluster.x-k8s.io", options.InfrastructureKind, template),
                        new MachineDeletion(DrainSeconds)))));
    }

    /// <param name="deployment">Null when there is none.</param>
    public static NodeState Read(MachineDeployment? deployment, IReadOnlyList<MachineAndNode> machines, string ns)
    {
        if (deployment is null)
            return new NodeState(NodePhase.Missing);
        var ready = machines
            .Where(m => m.Machine.Metadata.DeletionTimestamp is null)
            .Select(m => m.Node)
            .OfType<Node>()
            .Where(IsReady)
            .OrderByDescending(node => IsPrepared(node, ns))
            .FirstOrDefault();
        if (deployment.Metadata.DeletionTimestamp is not null)
            return new NodeState(NodePhase.Deleting, ready?.Metadata.Name);
        if (ready is not null)
            return new NodeState(IsPrepared(ready, ns) ? NodePhase.Ready : NodePhase.Joined, ready.Metadata.Name);
        return Failure(deployment, machines) ?? new NodeState(NodePhase.Provisioning);
    }

    public static bool IsPrepared(Node node, string ns) =>
        node.Metadata.Labels?.GetValueOrDefault(Marks.Workspace) == ns && node.Spec?.Taints?.Any(taint => IsOwn(taint, ns)) == true;

    /// <summary>
    /// Labels and taints a node for its workspace, as a merge patch; null when it is so. The taint takes the place of the one that keeps new
    /// nodes free until they are a workspace's; all others stay.
    /// </summary>
    public static JsonObject? Preparation(Node node, string ns)
    {
        if (IsPrepared(node, ns))
            return null;
        var others = node.Spec?.Taints?.Where(taint => (taint.Key, taint.Effect) != (Marks.DedicatedTaint, "NoSchedule")) ?? [];
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [Marks.Workspace] = ns } },
            ["spec"] = new JsonObject { ["taints"] = KubernetesJson.Part<IEnumerable<Taint>>([.. others, Marks.Taint(ns)]) },
        };
    }

    private static bool IsReady(Node node) => node.Status?.Conditions?.Any(condition => condition is { Type: "Ready", IsTrue: true }) == true;

    private static bool IsOwn(Taint taint, string ns) => (taint.Key, taint.Value, taint.Effect) == (Marks.DedicatedTaint, ns, "NoSchedule");

    /// <summary>
    /// A shortage is a failure as soon as it is seen: providers go on trying for ever, which is the saga's to decide. Anything else is one when
    /// Cluster API says so.
    /// </summary>
    private static NodeState? Failure(MachineDeployment deployment, IReadOnlyList<MachineAndNode> machines)
    {
        var statuses = machines.Select(m => m.Machine.Status).OfType<MachineStatus>().ToList();
        var final = statuses.Select(status => status.Deprecated?.V1Beta1).OfType<MachineFailure>()
            .Where(failure => failure.FailureReason is not null || failure.FailureMessage is not null)
            .Select(failure => new Said(failure.FailureReason, failure.FailureMessage));
        var conditions = statuses.SelectMany(status => status.Conditions ?? []).Concat(deployment.Status?.Conditions ?? [])
            .Where(condition => !condition.IsTrue || IsShortage(condition.Reason))
            .Select(condition => new Said(condition.Reason, condition.Message));
        var said = final.Concat(conditions).ToList();
        if (said.Find(s => IsShortage(s.Reason) || IsShortage(s.Message)) is { } shortage)
            return new NodeState(NodePhase.Failed, Reason: NodeState.Shortage, Message: shortage.Message ?? shortage.Reason);
        var hasFailed = final.Any() || deployment.Status?.Phase == "Failed" || statuses.Exists(status => status.Phase == "Failed");
        return hasFailed ? new NodeState(NodePhase.Failed, Reason: said.FirstOrDefault()?.Reason ?? "Failed", Message: said.FirstOrDefault()?.Message) : null;
    }

    private static bool IsShortage(string? text) =>
        text is not null && Array.Exists(Shortages, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    private sealed record Said(string? Reason, string? Message);
}
