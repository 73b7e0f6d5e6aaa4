using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>What the server alone says about an object: whatever a client writes there is passed over.</summary>
internal static class ServerFields
{
    public static readonly IReadOnlyList<string> Metadata =
        ["uid", "creationTimestamp", "resourceVersion", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"];

    /// <summary>Puts back into <paramref name="body"/> what <paramref name="live"/> has; without one takes it out.</summary>
    public static void Restore(JsonObject body, JsonObject? live)
    {
        foreach (var name in Metadata)
            body.Set(live.At("metadata", name)?.DeepClone(), "metadata", name);
        body.Set(live.At("status")?.DeepClone(), "status");
    }
}
