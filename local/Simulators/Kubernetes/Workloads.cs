using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Deployments make replica sets, one for each template, and size them.</summary>
internal static class Workloads
{
    private const string HashLabel = "pod-template-hash";
    private const int DefaultProgressDeadlineSeconds = 600;

    public static void Reconcile(Draft draft)
    {
        var sets = draft.All(ResourceType.ReplicaSet).ToLookup(s => s.Controller, StringComparer.Ordinal);
        var pods = draft.All(ResourceType.Pod).ToLookup(p => p.Controller, StringComparer.Ordinal);
        foreach (var deployment in draft.All(ResourceType.Deployment).Where(d => !d.IsTerminating).ToList())
            Advance(draft, deployment, [.. sets[deployment.Uid]], pods);
    }

    /// <summary>Name of the deployment that a pod is of; the pod's own when it is of none.</summary>
    public static string AppOf(Draft draft, KubeObject pod)
    {
        var set = OwnerName(pod) is { } name ? draft.Find(ResourceType.ReplicaSet, pod.Namespace, name) : null;
        return set is null ? pod.Name : OwnerName(set) ?? set.Name;
    }

    private static string? OwnerName(KubeObject item) =>
        item.Body.Items("metadata", "ownerReferences").FirstOrDefault(o => o.IsTrue("controller")).Text("name");

    private static void Advance(Draft draft, KubeObject deployment, List<KubeObject> sets, ILookup<string?, KubeObject> pods)
    {
        var template = (JsonObject)deployment.Spec.At("template")!;
        var hash = HashOf(template);
        var isPaused = deployment.Spec.IsTrue("paused");
        var wanted = sets.Find(s => s.Label(HashLabel) == hash);
        if (wanted is null && !isPaused)
            sets.Add(wanted = Make(draft, deployment, template, hash));
        var old = sets.Where(s => s != wanted).OrderBy(s => s.Uid, StringComparer.Ordinal).ToList();

        if (isPaused)
            ScalePaused(draft, deployment, wanted, old);
        else
            Roll(draft, deployment, wanted!, old, pods);
        var ofAll = sets.SelectMany(s => pods[s.Uid]).Where(p => !p.IsTerminating).ToList();
        Report(draft, deployment, ofAll, ofAll.Where(p => p.Controller == wanted?.Uid).ToList(), FailureOf(draft, sets));
    }

    private static void Roll(Draft draft, KubeObject deployment, KubeObject wanted, List<KubeObject> old, ILookup<string?, KubeObject> pods)
    {
        var desired = SizeOf(deployment);
        if (deployment.Spec.Text("strategy", "type") == "Recreate")
        {
            foreach (var set in old)
                Resize(draft, set, 0);
            if (!old.Exists(s => pods[s.Uid].Any()))
                Resize(draft, wanted, desired);
            return;
        }
        SetSize Standing(KubeObject set) =>
            new(SizeOf(set), Math.Min(SizeOf(set), pods[set.Uid].Count(p => p.Is("Ready") && !p.IsTerminating)));
        var (surge, unavailable) = RollingUpdate.Bounds(deployment.Spec.At("strategy"), desired);
        var next = RollingUpdate.Next(new Rollout(desired, surge, unavailable, Standing(wanted), [.. old.Select(Standing)]));
        Resize(draft, wanted, next.New);
        foreach (var (set, size) in old.Zip(next.Old))
            Resize(draft, set, size);
        ForgetOld(draft, deployment, [.. old.Where(s => SizeOf(s) == 0 && !pods[s.Uid].Any())]);
    }

    /// <summary>A paused rollout stays as it is; only the number of replicas follows, with the newest of its templates.</summary>
    private static void ScalePaused(Draft draft, KubeObject deployment, KubeObject? wanted, List<KubeObject> old)
    {
        var newest = wanted is not null && SizeOf(wanted) > 0
            ? wanted
            : old.LastOrDefault(s => SizeOf(s) > 0) ?? wanted ?? old.LastOrDefault();
        if (newest is null)
            return;
        var desired = SizeOf(deployment);
        var (surge, _) = RollingUpdate.Bounds(deployment.Spec.At("strategy"), desired);
        var total = old.Sum(SizeOf) + (wanted is null ? 0 : SizeOf(wanted));
        if (total < desired || total > desired + surge)
            Resize(draft, newest, Math.Max(0, SizeOf(newest) + desired - total));
    }

    private static void ForgetOld(Draft draft, KubeObject deployment, List<KubeObject> empty)
    {
        foreach (var set in empty.SkipLast(deployment.Spec.Number("revisionHistoryLimit") ?? 10))
            Deletion.Delete(draft, set);
    }

    private static int SizeOf(KubeObject item) => item.Spec.Number("replicas") ?? 1;

    private static void Resize(Draft draft, KubeObject set, int size) => draft.Change(set, body => body.Set(size, "spec", "replicas"));

    private static KubeObject Make(Draft draft, KubeObject deployment, JsonObject template, string hash)
    {
        var labelled = (JsonObject)template.DeepClone();
        labelled.Set(hash, "metadata", "labels", HashLabel);
        var selector = (JsonObject?)deployment.Spec.At("selector")?.DeepClone() ?? [];
        selector.Set(hash, "matchLabels", HashLabel);
        return draft.Add(ResourceType.ReplicaSet, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Name}-{hash}",
                ["namespace"] = deployment.Namespace,
                ["labels"] = labelled.At("metadata", "labels")?.DeepClone(),
                ["ownerReferences"] = Owned.By(deployment),
            },
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = labelled },
        });
    }

    private static string HashOf(JsonObject template) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template.ToJsonString(KubeJson.Written))))[..10];

    private static string? FailureOf(Draft draft, List<KubeObject> sets) => sets
        .Select(s => draft.Latest(s)?.Status.Items("conditions").FirstOrDefault(c => c.Text("type") == "ReplicaFailure").Text("message"))
        .FirstOrDefault(message => message is not null);

    private static void Report(Draft draft, KubeObject deployment, List<KubeObject> all, List<KubeObject> updated, string? failure)
    {
        var desired = SizeOf(deployment);
        var ready = all.Count(p => p.Is("Ready"));
        var (_, unavailable) = RollingUpdate.Bounds(deployment.Spec.At("strategy"), desired);
        var isAvailable = ready >= desired - unavailable;
        var isComplete = updated.Count == desired && all.Count == desired && ready == desired;
        var (reason, due) = Progress(draft, deployment, isComplete, HasProgressed(deployment, all.Count, updated.Count, ready));
        var reported = draft.Change(deployment, body =>
        {
            body.Set(deployment.Generation, "status", "observedGeneration");
            foreach (var (name, count) in new[]
            {
                ("replicas", all.Count), ("updatedReplicas", updated.Count), ("readyReplicas", ready), ("availableReplicas", ready),
                ("unavailableReplicas", Math.Max(0, Math.Max(desired, all.Count) - ready)),
            })
                body.Set(count == 0 ? null : count, "status", name);
            Conditions.Set(
                body, "Available", isAvailable, isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", "", draft.Now);
            var status = reason switch { "DeploymentPaused" => "Unknown", "ProgressDeadlineExceeded" => "False", _ => "True" };
            Conditions.Set(body, "Progressing", status, reason, "", draft.Now);
            if (failure is null)
                Conditions.Remove(body, "ReplicaFailure");
            else
                Conditions.Set(body, "ReplicaFailure", true, "FailedCreate", failure, draft.Now);
        });
        draft.Wake(reported, due);
    }

    private static bool HasProgressed(KubeObject deployment, int all, int updated, int ready)
    {
        int Before(string name) => deployment.Status.Number(name) ?? 0;
        return Before("observedGeneration") < deployment.Generation
            || updated > Before("updatedReplicas")
            || ready > Before("readyReplicas")
            || all - updated < Before("replicas") - Before("updatedReplicas");
    }

    /// <summary>What to say about the progress, and when it is too late for more.</summary>
    private static (string Reason, DateTimeOffset? Due) Progress(Draft draft, KubeObject deployment, bool isComplete, bool hasProgressed)
    {
        const string Complete = "NewReplicaSetAvailable";
        const string Exceeded = "ProgressDeadlineExceeded";
        const string Underway = "ReplicaSetUpdated";
        var before = Conditions.Reason(deployment.Status, "Progressing");
        var deadline = draft.Now.AddSeconds(
            Math.Max(1, deployment.Spec.Number("progressDeadlineSeconds") ?? DefaultProgressDeadlineSeconds));
        if (deployment.Spec.IsTrue("paused"))
            return ("DeploymentPaused", null);
        if (isComplete)
            return (Complete, null);
        if (hasProgressed)
            return (Underway, deadline);
        return (before, deployment.Due) switch
        {
            (Complete or Exceeded, _) => (before, null),
            (_, null) => (Underway, deadline),
            (_, { } due) when due <= draft.Now => (Exceeded, null),
            _ => (Underway, deployment.Due),
        };
    }
}
