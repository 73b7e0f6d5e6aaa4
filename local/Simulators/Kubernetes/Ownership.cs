using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Owners = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableSortedSet<string>>;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// Who owns which fields. Simplified from the real thing: a field belongs to those who applied it, or to who wrote it last otherwise; a
/// manager that both applies and updates is two, as there.
/// </summary>
internal static class Ownership
{
    private static readonly ImmutableSortedSet<string> NoPaths = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Server-side apply: <paramref name="intent"/> is all that this manager wants of the object.</summary>
    /// <param name="force">Take from others what they own, instead of a conflict.</param>
    /// <exception cref="KubernetesError">Another manager owns a field and it has another value.</exception>
    public static (JsonObject Body, Owners Owners) Apply(JsonObject live, Owners owners, JsonObject intent, string manager, bool force)
    {
        var me = $"{manager}/Apply";
        var wanted = FieldPaths.Of(intent);
        var present = FieldPaths.Of(live);
        var contested = owners
            .Where(o => o.Key != me)
            .SelectMany(o => o.Value.Where(path => Differs(path, wanted, present)).Select(path => (Manager: o.Key, Path: path)))
            .ToList();
        if (contested.Count > 0 && !force)
            throw KubernetesError.ApplyConflict([.. contested.Select(c => (c.Manager[..c.Manager.LastIndexOf('/')], c.Path))]);
        foreach (var (other, path) in contested)
            owners = owners.SetItem(other, owners[other].Remove(path));

        var ofOthers = owners.Where(o => o.Key != me).SelectMany(o => o.Value).ToHashSet(StringComparer.Ordinal);
        var before = owners.GetValueOrDefault(me, NoPaths);
        var leftOut = before.Where(path => !wanted.ContainsKey(path) && !ofOthers.Contains(path)).ToHashSet(StringComparer.Ordinal);

        var body = (JsonObject)live.DeepClone();
        Merge.ByKey(body, Owned(intent));
        FieldPaths.Remove(body, leftOut, [.. ofOthers, .. wanted.Keys]);
        return (body, owners.SetItem(me, wanted.Keys.ToImmutableSortedSet(StringComparer.Ordinal)));
    }

    /// <summary>Any other write: what it changed is its manager's from now on.</summary>
    public static Owners AfterUpdate(Owners owners, JsonObject before, JsonObject after, string manager)
    {
        var (old, now) = (FieldPaths.Of(before), FieldPaths.Of(after));
        var changed = now
            .Where(n => !old.TryGetValue(n.Key, out var was) || !JsonNode.DeepEquals(was, n.Value))
            .Select(n => n.Key)
            .ToList();
        var rest = owners.ToImmutableSortedDictionary(
            o => o.Key, o => o.Value.Except(changed).Except(o.Value.Where(path => !now.ContainsKey(path))), StringComparer.Ordinal);
        var me = $"{manager}/Update";
        return changed.Count == 0 ? rest : rest.SetItem(me, rest.GetValueOrDefault(me, NoPaths).Union(changed));
    }

    private static bool Differs(string path, Dictionary<string, JsonNode?> wanted, Dictionary<string, JsonNode?> present) =>
        wanted.TryGetValue(path, out var value) && present.TryGetValue(path, out var live) && !JsonNode.DeepEquals(value, live);

    /// <summary>Without what the server alone fills in.</summary>
    private static JsonObject Owned(JsonObject intent)
    {
        var body = (JsonObject)intent.DeepClone();
        body.Remove("status");
        if (body["metadata"] is JsonObject metadata)
            foreach (var name in ServerFields.Metadata)
                metadata.Remove(name);
        return body;
    }
}
