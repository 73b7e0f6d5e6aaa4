using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Owners = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableSortedSet<string>>;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Where an object is: unique in the cluster at any one time.</summary>
/// <param name="Type">See <see cref="ResourceType.FullName"/>.</param>
/// <param name="Namespace">Empty for objects of the whole cluster.</param>
internal readonly record struct ObjectKey(string Type, string Namespace, string Name);

/// <summary>
/// An object of the cluster at one version. Its body is never changed: a change makes the next version, see <see cref="Draft"/>.
/// </summary>
/// <param name="Owners">Who owns which fields, for server-side apply; see <see cref="FieldPaths"/>.</param>
/// <param name="Due">When time changes something about it next, whatever that is for its type; null for never.</param>
internal sealed record KubeObject(
    ResourceType Type, JsonObject Body, Owners Owners, DateTimeOffset? Due = null)
{
    public static readonly Owners NoOwners =
        ImmutableSortedDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal);

    /// <summary>The same for every version.</summary>
    public ObjectKey Key { get; } = new(Type.FullName, Body.Text("metadata", "namespace") ?? "", Body.Text("metadata", "name")!);

    public string Name => Key.Name;

    public string Namespace => Key.Namespace;

    public string Uid => Body.Text("metadata", "uid")!;

    public JsonNode? Spec => Body["spec"];

    public JsonNode? Status => Body["status"];

    public JsonNode? Labels => Body.At("metadata", "labels");

    public int Generation => Body.Number("metadata", "generation") ?? 0;

    /// <summary>Its deletion has been asked for; it stays until its time is over and nobody holds it.</summary>
    public bool IsTerminating => Body.At("metadata", "deletionTimestamp") is not null;

    public bool IsHeld => Body.At("metadata", "finalizers") is JsonArray { Count: > 0 };

    /// <summary>The uid of the object that made and looks after this one.</summary>
    public string? Controller => Body.Items("metadata", "ownerReferences").FirstOrDefault(o => o.IsTrue("controller")).Text("uid");

    public string? Label(string name) => Labels.Text(name);

    public string? Annotation(string name) => Body.At("metadata", "annotations").Text(name);

    /// <summary>Of a pod, machine or node: whether a condition is True.</summary>
    public bool Is(string condition) => Status.Items("conditions").Any(c => c.Text("type") == condition && c.Text("status") == "True");
}
