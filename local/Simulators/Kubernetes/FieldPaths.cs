using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// The fields of an object that somebody may own, by paths as conflict messages write them:
/// <c>.spec.template.spec.containers[name="web"].image</c>. An item of a list with keys is a path too.
/// </summary>
internal static class FieldPaths
{
    private static readonly string[] OwnedMetadata = ["labels", "annotations", "finalizers", "ownerReferences"];

    /// <summary>Each field and its value; of items of lists with keys the value is null.</summary>
    public static Dictionary<string, JsonNode?> Of(JsonObject body)
    {
        var found = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in body)
        {
            if (name == "metadata")
            {
                foreach (var part in OwnedMetadata)
                    if (value.At(part) is { } owned)
                        Walk(part, owned, $".metadata.{part}", found);
            }
            else if (name is not ("apiVersion" or "kind" or "status"))
            {
                Walk(name, value, $".{name}", found);
            }
        }
        return found;
    }

    /// <summary>
    /// Takes fields out of an object, and what is left empty by that; an item of a list goes whole unless part of it is kept.
    /// </summary>
    /// <param name="keep">Paths that others own.</param>
    public static void Remove(JsonObject body, IReadOnlySet<string> removed, IReadOnlyCollection<string> keep) =>
        Prune(body, "", removed, keep);

    private static void Walk(string name, JsonNode? value, string path, Dictionary<string, JsonNode?> found)
    {
        if (value is JsonObject { Count: > 0 } inner)
        {
            foreach (var (child, childValue) in inner)
                Walk(child, childValue, $"{path}.{child}", found);
        }
        else if (value is JsonArray items && MergeKeys.Cover(name, items))
        {
            foreach (var item in items)
            {
                var itemPath = path + MergeKeys.Of(name, item);
                found[itemPath] = null;
                Walk("", item, itemPath, found);
            }
        }
        else
        {
            found[path] = value;
        }
    }

    private static void Prune(JsonObject target, string path, IReadOnlySet<string> removed, IReadOnlyCollection<string> keep)
    {
        foreach (var (name, value) in target.ToList())
        {
            var here = $"{path}.{name}";
            if (value is JsonObject { Count: > 0 } inner)
            {
                Prune(inner, here, removed, keep);
                if (inner.Count == 0)
                    target.Remove(name);
            }
            else if (value is JsonArray items && MergeKeys.Cover(name, items))
            {
                Prune(items, name, here, removed, keep);
                if (items.Count == 0)
                    target.Remove(name);
            }
            else if (removed.Contains(here))
            {
                target.Remove(name);
            }
        }
    }

    private static void Prune(JsonArray items, string name, string path, IReadOnlySet<string> removed, IReadOnlyCollection<string> keep)
    {
        foreach (var item in items.OfType<JsonObject>().ToList())
        {
            var here = path + MergeKeys.Of(name, item);
            if (removed.Contains(here) && !keep.Any(k => k.StartsWith(here + ".", StringComparison.Ordinal)))
                items.Remove(item);
            else
                Prune(item, here, removed, keep);
        }
    }
}
