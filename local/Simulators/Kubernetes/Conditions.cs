using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Conditions of a status.</summary>
internal static class Conditions
{
    public static void Set(JsonObject body, string type, bool holds, string reason, string message, DateTimeOffset now) =>
        Set(body, type, holds ? "True" : "False", reason, message, now);

    /// <summary>The time of the last transition stays while the status does.</summary>
    /// <param name="status">True, False or Unknown.</param>
    public static void Set(JsonObject body, string type, string status, string reason, string message, DateTimeOffset now)
    {
        if (body.At("status", "conditions") is not JsonArray conditions)
            body.Set(conditions = [], "status", "conditions");
        var present = conditions.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == type);
        var since = present.Text("status") == status ? present.Text("lastTransitionTime") : KubeJson.Time(now);
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = reason,
            ["message"] = message,
            ["lastTransitionTime"] = since,
        };
        if (present is null)
            conditions.Add(condition);
        else
            conditions[conditions.IndexOf(present)] = condition;
    }

    public static void Remove(JsonObject body, string type)
    {
        if (body.At("status", "conditions") is JsonArray conditions
            && conditions.FirstOrDefault(c => c.Text("type") == type) is { } present)
            conditions.Remove(present);
    }

    public static string? Reason(JsonNode? status, string type) =>
        status.Items("conditions").FirstOrDefault(c => c.Text("type") == type).Text("reason");
}
