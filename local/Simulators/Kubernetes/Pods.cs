using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Pods on their nodes: they start, get ready, fall sick as the faults say and recover when these are lifted.</summary>
internal static class Pods
{
    private const string StartingReason = "ContainerCreating";

    public static void Reconcile(Draft draft)
    {
        foreach (var pod in draft.All(ResourceType.Pod).Where(p => p.Spec.Text("nodeName") is not null).ToList())
        {
            if (Nodes.PlaceOf(draft, pod) is not { } place)
                draft.Remove(pod);
            else if (!pod.IsTerminating)
                Advance(draft, pod, draft.Faults.SymptomOf(place));
        }
    }

    /// <summary>Lets a placed pod begin to start.</summary>
    public static void Start(Draft draft, KubeObject pod)
    {
        var starting = draft.Change(pod, body => Show(body, "Pending", isReady: false, Waiting(StartingReason, ""), draft.Now));
        draft.Wake(starting, draft.Now + draft.Faults.PodStart);
    }

    private static void Advance(Draft draft, KubeObject pod, Symptom symptom)
    {
        if (pod.Due > draft.Now)
            return;
        var isStarting = pod.Due is not null;
        var shown = Shown(pod);
        if (isStarting)
            pod = draft.Wake(pod, null);
        if (!isStarting && symptom == shown)
            return;
        if (!isStarting && symptom == Symptom.None)
            Start(draft, pod);
        else if (isStarting || symptom != Symptom.ImagePull)
            Show(draft, pod, symptom);
    }

    private static void Show(Draft draft, KubeObject pod, Symptom symptom)
    {
        var image = pod.Spec.Items("containers").FirstOrDefault().Text("image");
        switch (symptom)
        {
            case Symptom.None:
                draft.Change(pod, body => Show(body, "Running", isReady: true, Running(draft.Now), draft.Now));
                break;
            case Symptom.NeverReady:
                draft.Change(pod, body => Show(body, "Running", isReady: false, Running(draft.Now), draft.Now));
                Events.Tell(draft, pod, "Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503");
                break;
            case Symptom.CrashLoop:
                const string Crashed = "back-off 5m0s restarting failed container";
                draft.Change(pod, body => Show(body, "Running", isReady: false, Waiting("CrashLoopBackOff", Crashed), draft.Now));
                Events.Tell(draft, pod, "Warning", "BackOff", Crashed);
                break;
            case Symptom.ImagePull:
                var unpulled = $"Back-off pulling image \"{image}\"";
                draft.Change(pod, body => Show(body, "Pending", isReady: false, Waiting("ImagePullBackOff", unpulled), draft.Now));
                Events.Tell(draft, pod, "Warning", "Failed", unpulled);
                break;
        }
    }

    /// <summary>What a started pod suffers from, as its status says.</summary>
    private static Symptom Shown(KubeObject pod) =>
        pod.Status.Items("containerStatuses").FirstOrDefault().Text("state", "waiting", "reason") switch
        {
            "CrashLoopBackOff" => Symptom.CrashLoop,
            "ImagePullBackOff" => Symptom.ImagePull,
            _ => pod.Is("Ready") ? Symptom.None : Symptom.NeverReady,
        };

    private static void Show(JsonObject pod, string phase, bool isReady, JsonObject state, DateTimeOffset now)
    {
        var restarts = pod.Items("status", "containerStatuses").FirstOrDefault().Number("restartCount") ?? 0;
        if (state.Text("waiting", "reason") == "CrashLoopBackOff")
            restarts++;
        pod.Set(phase, "status", "phase");
        if (pod.At("status", "startTime") is null)
            pod.Set(KubeJson.Time(now), "status", "startTime");
        pod.Set(
            new JsonArray([.. pod.Items("spec", "containers").Select(c => new JsonObject
            {
                ["name"] = c.Text("name"),
                ["image"] = c.Text("image"),
                ["ready"] = isReady,
                ["restartCount"] = restarts,
                ["state"] = state.DeepClone(),
            })]),
            "status",
            "containerStatuses");
        foreach (var condition in new[] { "ContainersReady", "Ready" })
            Conditions.Set(pod, condition, isReady, isReady ? "PodReady" : "ContainersNotReady", "", now);
    }

    private static JsonObject Waiting(string reason, string message) =>
        new() { ["waiting"] = new JsonObject { ["reason"] = reason, ["message"] = message } };

    private static JsonObject Running(DateTimeOffset since) =>
        new() { ["running"] = new JsonObject { ["startedAt"] = KubeJson.Time(since) } };
}
