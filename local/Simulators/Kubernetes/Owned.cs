using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Who made an object and looks after it.</summary>
internal static class Owned
{
    public static JsonArray By(KubeObject owner) => new(new JsonObject
    {
        ["apiVersion"] = owner.Type.ApiVersion,
        ["kind"] = owner.Type.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    });
}
