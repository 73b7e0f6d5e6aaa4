using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Deletion, and what it brings about (fact sheet, §1): grace of pods, finalizers, dependents, ending namespaces.</summary>
internal static class Deletion
{
    private const string DependentsFirst = "foregroundDeletion";

    /// <param name="policy">Foreground, Background or Orphan; background when nothing is said.</param>
    /// <param name="graceSeconds">Of a pod; null for what the pod itself says.</param>
    public static void Delete(Draft draft, KubeObject item, string policy = "", int? graceSeconds = null)
    {
        if (policy == "Orphan")
            Orphan(draft, item);
        if (item.IsTerminating)
            return;
        if (policy == "Foreground")
            item = draft.Change(item, body => Hold(body, DependentsFirst));
        if (item.Type == ResourceType.Pod)
            EndPod(draft, item, graceSeconds);
        else if (item.IsHeld || item.Type == ResourceType.Namespace)
            draft.Change(item, body =>
            {
                body.Set(KubeJson.Time(draft.Now), "metadata", "deletionTimestamp");
                if (item.Type == ResourceType.Namespace)
                    body.Set("Terminating", "status", "phase");
            });
        else
            draft.Remove(item);
    }

    /// <summary>Keeps an object until its finalizer is taken off.</summary>
    public static void Hold(JsonObject body, string finalizer)
    {
        if (body.At("metadata", "finalizers") is not JsonArray finalizers)
            body.Set(finalizers = [], "metadata", "finalizers");
        if (!finalizers.Any(f => f.Text() == finalizer))
            finalizers.Add(finalizer);
    }

    public static void Release(JsonObject body, string finalizer)
    {
        if (body.At("metadata", "finalizers") is not JsonArray finalizers)
            return;
        var left = finalizers.Where(f => f.Text() != finalizer).Select(f => f?.DeepClone()).ToArray();
        body.Set(left.Length == 0 ? null : new JsonArray(left), "metadata", "finalizers");
    }

    /// <summary>Carries on what deletions began.</summary>
    public static void Reconcile(Draft draft)
    {
        foreach (var ns in draft.All(ResourceType.Namespace).Where(n => n.IsTerminating).ToList())
            Empty(draft, ns);
        var owned = draft.Everything.Where(o => o.Body.At("metadata", "ownerReferences") is not null).ToList();
        if (owned.Count > 0)
            Collect(draft, owned);
        foreach (var item in draft.Everything.Where(o => o.IsTerminating).ToList())
            if (draft.Latest(item) is { } left)
                Finish(draft, left);
    }

    /// <summary>A pod that was never placed goes at once; another keeps its node until its grace is over.</summary>
    private static void EndPod(Draft draft, KubeObject pod, int? graceSeconds)
    {
        var grace = pod.Spec.Text("nodeName") is null
            ? 0
            : Math.Max(0, graceSeconds ?? pod.Spec.Number("terminationGracePeriodSeconds") ?? 0);
        var until = draft.Now.AddSeconds(grace);
        var ending = draft.Change(pod, body =>
        {
            body.Set(KubeJson.Time(until), "metadata", "deletionTimestamp");
            body.Set(grace, "metadata", "deletionGracePeriodSeconds");
        });
        draft.Wake(ending, until);
    }

    private static void Orphan(Draft draft, KubeObject owner)
    {
        foreach (var dependent in DependentsOf(draft, owner).ToList())
            draft.Change(dependent, body => body.Set(
                new JsonArray(
                [
                    .. body.Items("metadata", "ownerReferences")
                        .Where(o => o.Text("uid") != owner.Uid)
                        .Select(o => o.DeepClone()),
                ]),
                "metadata",
                "ownerReferences"));
    }

    private static IEnumerable<KubeObject> DependentsOf(Draft draft, KubeObject owner) =>
        draft.Everything.Where(o => o.Body.Items("metadata", "ownerReferences").Any(r => r.Text("uid") == owner.Uid));

    private static void Empty(Draft draft, KubeObject ns)
    {
        var inside = draft.Everything.Where(o => o.Namespace == ns.Name).ToList();
        foreach (var item in inside)
            Delete(draft, item);
        if (inside.Count == 0)
            draft.Remove(ns);
    }

    /// <summary>What nobody owns any more goes with its owner.</summary>
    private static void Collect(Draft draft, List<KubeObject> owned)
    {
        var alive = draft.Everything.Select(o => o.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var item in owned)
        {
            var owners = item.Body.Items("metadata", "ownerReferences").ToList();
            if (owners.Count > 0 && !owners.Exists(o => alive.Contains(o.Text("uid") ?? "")) && draft.Latest(item) is { } left)
                Delete(draft, left);
        }
    }

    private static void Finish(Draft draft, KubeObject item)
    {
        if (item.Body.At("metadata", "finalizers") is JsonArray finalizers && finalizers.Any(f => f.Text() == DependentsFirst))
        {
            var dependents = DependentsOf(draft, item).ToList();
            foreach (var dependent in dependents)
                Delete(draft, dependent, "Foreground");
            if (dependents.Count == 0)
                item = draft.Change(item, body => Release(body, DependentsFirst));
        }
        if (item.Type == ResourceType.Pod && item.Due <= draft.Now)
            item = draft.Wake(item, null);
        var isOver = item.Type == ResourceType.Pod ? item.Due is null : item.Type != ResourceType.Namespace;
        if (isOver && !item.IsHeld)
            draft.Remove(item);
    }
}
