using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// Lists whose items are told apart by key, so that they merge item by item; every other list is one value (fact sheet, §1).
/// </summary>
internal static class MergeKeys
{
    private static readonly string[] ContainerPorts = ["containerPort", "protocol"];
    private static readonly string[] ServicePorts = ["port", "protocol"];

    private static readonly FrozenDictionary<string, string[]> ByList = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["containers"] = ["name"],
        ["initContainers"] = ["name"],
        ["env"] = ["name"],
        ["volumes"] = ["name"],
        ["imagePullSecrets"] = ["name"],
        ["volumeMounts"] = ["mountPath"],
        ["conditions"] = ["type"],
        ["ownerReferences"] = ["uid"],
        ["topologySpreadConstraints"] = ["topologyKey", "whenUnsatisfiable"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What tells an item of a list apart, as field paths write it: <c>[name="web"]</c>; null when nothing does.</summary>
    public static string? Of(string list, JsonNode? item)
    {
        var keys = list == "ports" ? (item.At("containerPort") is null ? ServicePorts : ContainerPorts) : ByList.GetValueOrDefault(list);
        if (keys is null || item is not JsonObject)
            return null;
        var values = keys.Select(key => (Key: key, Value: item.At(key)?.ToJsonString() ?? (key == "protocol" ? "\"TCP\"" : null))).ToList();
        return values.Exists(v => v.Value is null) ? null : $"[{string.Join(',', values.Select(v => $"{v.Key}={v.Value}"))}]";
    }

    /// <summary>Whether every item of a list can be told apart.</summary>
    public static bool Cover(string list, JsonArray items) => items.Count > 0 && items.All(item => Of(list, item) is not null);
}
