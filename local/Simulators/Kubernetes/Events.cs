using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>What the cluster tells about its objects, kept for an hour as on a real one.</summary>
internal static class Events
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>One event for each thing that is told; telling it again counts it.</summary>
    public static void Tell(Draft draft, KubeObject about, string type, string reason, string message)
    {
        var ns = about.Namespace == "" ? "default" : about.Namespace;
        var known = draft.All(ResourceType.Event, ns).FirstOrDefault(e =>
            e.Body.Text("involvedObject", "uid") == about.Uid && e.Body.Text("reason") == reason && e.Body.Text("message") == message);
        var now = KubeJson.Time(draft.Now);
        var told = known is null
            ? draft.Add(ResourceType.Event, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = $"{about.Name}.{draft.NewSuffix()}", ["namespace"] = ns },
                ["involvedObject"] = new JsonObject
                {
                    ["apiVersion"] = about.Type.ApiVersion,
                    ["kind"] = about.Type.Kind,
                    ["namespace"] = about.Namespace,
                    ["name"] = about.Name,
                    ["uid"] = about.Uid,
                },
                ["reason"] = reason,
                ["message"] = message,
                ["type"] = type,
                ["count"] = 1,
                ["firstTimestamp"] = now,
                ["lastTimestamp"] = now,
            })
            : draft.Change(known, body =>
            {
                body["count"] = (body.Number("count") ?? 0) + 1;
                body["lastTimestamp"] = now;
            });
        draft.Wake(told, draft.Now + Kept);
    }

    public static void Reconcile(Draft draft)
    {
        foreach (var old in draft.All(ResourceType.Event).Where(e => e.Due <= draft.Now).ToList())
            draft.Remove(old);
    }
}
