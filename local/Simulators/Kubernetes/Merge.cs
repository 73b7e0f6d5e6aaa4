using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Changes an object by what a patch says; null removes.</summary>
internal static class Merge
{
    /// <summary>A JSON merge patch (RFC 7396): lists are replaced whole.</summary>
    public static void Plain(JsonObject target, JsonObject patch) => Into(target, patch, byKey: false);

    /// <summary>Lists with keys are merged item by item, as server-side apply and the strategic merge patch have it.</summary>
    /// <exception cref="KubernetesError">It holds a directive such as <c>$patch</c>, which is not simulated.</exception>
    public static void ByKey(JsonObject target, JsonObject patch) => Into(target, patch, byKey: true);

    private static void Into(JsonObject target, JsonObject patch, bool byKey)
    {
        foreach (var (name, value) in patch)
        {
            if (byKey && name.StartsWith('$'))
                throw KubernetesError.BadRequest($"directive {name} is not simulated");
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject inner)
                Into(ObjectAt(target, name), inner, byKey);
            else if (byKey && value is JsonArray items && MergeKeys.Cover(name, items)
                && target[name] is JsonArray present && MergeKeys.Cover(name, present))
                Into(present, items, name);
            else
                target[name] = value.DeepClone();
        }
    }

    private static void Into(JsonArray target, JsonArray patch, string list)
    {
        foreach (var item in patch)
        {
            var key = MergeKeys.Of(list, item);
            if (target.FirstOrDefault(t => MergeKeys.Of(list, t) == key) is JsonObject present)
                Into(present, (JsonObject)item!, byKey: true);
            else
                target.Add(item!.DeepClone());
        }
    }

    private static JsonObject ObjectAt(JsonObject target, string name)
    {
        if (target[name] is JsonObject present)
            return present;
        var added = new JsonObject();
        target[name] = added;
        return added;
    }
}
