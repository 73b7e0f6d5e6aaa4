using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Replica sets make pods, and take those first that serve least.</summary>
internal static class ReplicaSets
{
    public static void Reconcile(Draft draft)
    {
        var pods = draft.All(ResourceType.Pod).Where(p => !p.IsTerminating).ToLookup(p => p.Controller, StringComparer.Ordinal);
        foreach (var set in draft.All(ResourceType.ReplicaSet).Where(s => !s.IsTerminating).ToList())
            Fill(draft, set, [.. pods[set.Uid]]);
    }

    private static void Fill(Draft draft, KubeObject set, List<KubeObject> pods)
    {
        var wanted = set.Spec.Number("replicas") ?? 1;
        string? failure = null;
        for (var missing = wanted - pods.Count; missing > 0 && failure is null; missing--)
            failure = Make(draft, set);
        var surplus = pods
            .OrderBy(p => p.Is("Ready"))
            .ThenBy(p => p.Spec.Text("nodeName") is not null)
            .ThenByDescending(p => p.Uid, StringComparer.Ordinal)
            .Take(pods.Count - wanted);
        foreach (var pod in surplus)
            Deletion.Delete(draft, pod);
        Report(draft, set, pods, failure);
    }

    /// <returns>Why it could not be made; null when it was.</returns>
    private static string? Make(Draft draft, KubeObject set)
    {
        var template = set.Spec.At("template");
        var metadata = (JsonObject?)template.At("metadata")?.DeepClone() ?? [];
        metadata["name"] = $"{set.Name}-pod";
        metadata["namespace"] = set.Namespace;
        metadata["ownerReferences"] = Owned.By(set);
        var body = new JsonObject { ["metadata"] = metadata, ["spec"] = template.At("spec")?.DeepClone() };
        Defaults.Fill(ResourceType.Pod, body);
        try
        {
            Admission.Check(draft, ResourceType.Pod, body);
        }
        catch (KubernetesError refused)
        {
            return refused.Message;
        }
        metadata["name"] = $"{set.Name}-{draft.NewSuffix()}";
        draft.Add(ResourceType.Pod, body);
        return null;
    }

    private static void Report(Draft draft, KubeObject set, List<KubeObject> pods, string? failure)
    {
        var isNews = failure is not null && Conditions.Reason(set.Status, "ReplicaFailure") is null;
        var ready = pods.Count(p => p.Is("Ready"));
        draft.Change(set, body =>
        {
            body.Set(set.Generation, "status", "observedGeneration");
            body.Set(pods.Count, "status", "replicas");
            body.Set(ready == 0 ? null : ready, "status", "readyReplicas");
            body.Set(ready == 0 ? null : ready, "status", "availableReplicas");
            if (failure is null)
                Conditions.Remove(body, "ReplicaFailure");
            else
                Conditions.Set(body, "ReplicaFailure", true, "FailedCreate", failure, draft.Now);
        });
        if (isNews)
            Events.Tell(draft, set, "Warning", "FailedCreate", failure!);
    }
}
