using System.Text;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>What the real server fills in where nothing was said, as far as somebody reads it.</summary>
internal static class Defaults
{
    public static void Fill(ResourceType type, JsonObject body)
    {
        if (type == ResourceType.Namespace)
        {
            body.Set(body.Text("metadata", "name"), "metadata", "labels", "kubernetes.io/metadata.name");
            body.Set(body.Text("status", "phase") ?? "Active", "status", "phase");
        }
        else if (type.HasScale && body["spec"] is JsonObject scaled)
        {
            scaled.TryAdd("replicas", 1);
        }
        else if (type == ResourceType.Pod && body["spec"] is JsonObject pod)
        {
            pod.TryAdd("terminationGracePeriodSeconds", 30);
        }
        else if (type.Kind == "Secret" && body["stringData"] is JsonObject texts)
        {
            Encode(body, texts);
        }
    }

    private static void Encode(JsonObject secret, JsonObject texts)
    {
        foreach (var (key, text) in texts)
            secret.Set(Convert.ToBase64String(Encoding.UTF8.GetBytes(text.Text() ?? "")), "data", key);
        secret.Remove("stringData");
    }
}
