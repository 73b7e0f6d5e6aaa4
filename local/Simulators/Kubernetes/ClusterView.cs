namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>The cluster for people to look at.</summary>
/// <param name="Next">When something happens by itself; absent when all is at rest.</param>
internal sealed record ClusterView(
    DateTimeOffset Now,
    DateTimeOffset? Next,
    IReadOnlyList<NodeView> Nodes,
    IReadOnlyList<MachineView> Machines,
    IReadOnlyList<DeploymentView> Deployments,
    IReadOnlyList<EventView> Events)
{
    private const int MostEvents = 50;

    /// <param name="ns">Deployments and events of this namespace only; null for all.</param>
    public static ClusterView Of(Draft draft, string? ns)
    {
        IEnumerable<KubeObject> Within(ResourceType type) => ns is null ? draft.All(type) : draft.All(type, ns);
        var pods = draft.All(ResourceType.Pod).ToList();
        var ofApps = pods.ToLookup(p => (p.Namespace, Workloads.AppOf(draft, p)));
        return new ClusterView(
            draft.Now,
            Controllers.NextDue(draft),
            [.. draft.All(ResourceType.Node).Select(n => NodeView.Of(n, pods.Count(p => p.Spec.Text("nodeName") == n.Name)))],
            [.. draft.All(ResourceType.Machine).Select(MachineView.Of)],
            [.. Within(ResourceType.Deployment).Select(d => DeploymentView.Of(d, ofApps[(d.Namespace, d.Name)]))],
            [
                .. Within(ResourceType.Event)
                    .OrderByDescending(e => e.Body.Text("lastTimestamp"), StringComparer.Ordinal)
                    .Take(MostEvents)
                    .Select(EventView.Of),
            ]);
    }
}

internal sealed record NodeView(string Name, NodeKind Kind, IReadOnlyList<string> Taints, bool Unschedulable, int Pods)
{
    public static NodeView Of(KubeObject node, int pods) => new(
        node.Name,
        Kubernetes.Nodes.KindOf(node),
        [.. node.Spec.Items("taints").Select(t => $"{t.Text("key")}={t.Text("value")}:{t.Text("effect")}")],
        node.Spec.IsTrue("unschedulable"),
        pods);
}

internal sealed record MachineView(string Namespace, string Name, string? Phase, string? Node, string? Failure)
{
    public static MachineView Of(KubeObject machine) => new(
        machine.Namespace,
        machine.Name,
        machine.Status.Text("phase"),
        machine.Status.Text("nodeRef", "name"),
        machine.Status.Text("deprecated", "v1beta1", "failureMessage"));
}

internal sealed record DeploymentView(
    string Namespace, string Name, int Replicas, int Ready, int Updated, bool Paused, string? Progress, IReadOnlyList<PodView> Pods)
{
    public static DeploymentView Of(KubeObject deployment, IEnumerable<KubeObject> pods) => new(
        deployment.Namespace,
        deployment.Name,
        deployment.Spec.Number("replicas") ?? 1,
        deployment.Status.Number("readyReplicas") ?? 0,
        deployment.Status.Number("updatedReplicas") ?? 0,
        deployment.Spec.IsTrue("paused"),
        Conditions.Reason(deployment.Status, "Progressing"),
        [.. pods.Select(PodView.Of)]);
}

/// <param name="State">In one word: Ready, Ending, or what it waits for.</param>
internal sealed record PodView(string Name, string? Node, string State)
{
    public static PodView Of(KubeObject pod)
    {
        var waiting = pod.Status.Items("containerStatuses").FirstOrDefault().Text("state", "waiting", "reason");
        var state = pod.IsTerminating ? "Ending"
            : pod.Is("Ready") ? "Ready"
            : waiting ?? (pod.Spec.Text("nodeName") is null ? "Unschedulable" : "NotReady");
        return new PodView(pod.Name, pod.Spec.Text("nodeName"), state);
    }
}

internal sealed record EventView(string? At, string Namespace, string? About, string? Reason, string? Message, int Count)
{
    public static EventView Of(KubeObject told) => new(
        told.Body.Text("lastTimestamp"),
        told.Namespace,
        $"{told.Body.Text("involvedObject", "kind")}/{told.Body.Text("involvedObject", "name")}",
        told.Body.Text("reason"),
        told.Body.Text("message"),
        told.Body.Number("count") ?? 1);
}
