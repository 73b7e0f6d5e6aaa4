using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// Places pods: on a ready node that their selector names, whose taints they tolerate, with room for what they request; on the one with the
/// fewest pods. Affinities and priorities are not simulated.
/// </summary>
internal static class Scheduler
{
    public static void Reconcile(Draft draft)
    {
        var waiting = draft.All(ResourceType.Pod)
            .Where(p => p.Spec.Text("nodeName") is null && !p.IsTerminating)
            .OrderBy(p => p.Uid, StringComparer.Ordinal)
            .ToList();
        if (waiting.Count == 0)
            return;
        var nodes = draft.All(ResourceType.Node)
            .Where(n => n.Is("Ready") && !n.Spec.IsTrue("unschedulable"))
            .Select(n => new Room(n))
            .ToList();
        var byName = nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        foreach (var pod in draft.All(ResourceType.Pod))
            if (pod.Spec.Text("nodeName") is { } name && byName.TryGetValue(name, out var room))
                room.Take(pod);
        foreach (var pod in waiting)
            Place(draft, pod, nodes);
    }

    private static void Place(Draft draft, KubeObject pod, List<Room> nodes)
    {
        var selected = nodes.Where(n => n.IsSelectedBy(pod)).ToList();
        var open = selected.Where(n => n.IsToleratedBy(pod)).ToList();
        if (open.Where(n => n.Fits(pod)).MinBy(n => n.Pods) is { } chosen)
        {
            chosen.Take(pod);
            var placed = draft.Change(pod, body =>
            {
                body.Set(chosen.Name, "spec", "nodeName");
                Conditions.Set(body, "PodScheduled", true, "Scheduled", "", draft.Now);
            });
            Pods.Start(draft, placed);
            return;
        }
        var message = $"0/{nodes.Count} nodes are available: "
            + $"{nodes.Count - selected.Count} node(s) didn't match Pod's node affinity/selector, "
            + $"{selected.Count - open.Count} node(s) had untolerated taint(s), {open.Count} Insufficient cpu, memory or pods.";
        if (Conditions.Reason(pod.Status, "PodScheduled") is null)
            Events.Tell(draft, pod, "Warning", "FailedScheduling", message);
        draft.Change(pod, body =>
        {
            body.Set("Pending", "status", "phase");
            Conditions.Set(body, "PodScheduled", false, "Unschedulable", message, draft.Now);
        });
    }

    /// <summary>What a node has left.</summary>
    private sealed class Room(KubeObject node)
    {
        private decimal cpu = Amount(node, "cpu");
        private decimal memory = Amount(node, "memory");
        private decimal pods = Amount(node, "pods");

        public string Name => node.Name;

        public int Pods { get; private set; }

        public bool IsSelectedBy(KubeObject pod) => Selectors.MatchesMap(pod.Spec.Map("nodeSelector"), node.Labels);

        public bool IsToleratedBy(KubeObject pod) => node.Spec.Items("taints")
            .Where(t => t.Text("effect") is "NoSchedule" or "NoExecute")
            .All(taint => pod.Spec.Items("tolerations").Any(t => Tolerates(t, taint)));

        public bool Fits(KubeObject pod) => pods >= 1 && cpu >= Requested(pod, "cpu") && memory >= Requested(pod, "memory");

        public void Take(KubeObject pod)
        {
            Pods++;
            pods--;
            cpu -= Requested(pod, "cpu");
            memory -= Requested(pod, "memory");
        }

        private static bool Tolerates(JsonObject toleration, JsonObject taint) =>
            (toleration.Text("effect") is not { Length: > 0 } effect || effect == taint.Text("effect"))
            && (toleration.Text("key") is { Length: > 0 } key
                ? key == taint.Text("key")
                    && (toleration.Text("operator") == "Exists" || (toleration.Text("value") ?? "") == (taint.Text("value") ?? ""))
                : toleration.Text("operator") == "Exists");

        private static decimal Amount(KubeObject node, string resource) =>
            Quantity.Parse(node.Status.Text("allocatable", resource) ?? "") ?? 0;

        private static decimal Requested(KubeObject pod, string resource) =>
            pod.Spec.Items("containers").Sum(c => Quantity.Parse(c.Text("resources", "requests", resource) ?? "") ?? 0);
    }
}
