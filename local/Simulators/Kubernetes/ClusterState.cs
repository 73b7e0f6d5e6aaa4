using System.Collections.Immutable;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Everything there is in the cluster at one moment.</summary>
/// <param name="Objects">By type, then by namespace and name.</param>
/// <param name="Version">Counts changes: the source of resource versions, uids and the random-looking ends of names.</param>
/// <param name="Readiness">By <c>namespace/name</c> of the deployment.</param>
internal sealed record ClusterState(
    ImmutableDictionary<string, ImmutableSortedDictionary<ObjectKey, KubeObject>> Objects,
    long Version,
    Faults Faults,
    ImmutableSortedDictionary<string, LowestReady> Readiness)
{
    public static readonly ClusterState Empty = new(
        ImmutableDictionary.Create<string, ImmutableSortedDictionary<ObjectKey, KubeObject>>(StringComparer.Ordinal),
        Version: 0,
        new Faults(),
        ImmutableSortedDictionary.Create<string, LowestReady>(StringComparer.Ordinal));

    private static readonly ImmutableSortedDictionary<ObjectKey, KubeObject> None =
        ImmutableSortedDictionary.Create<ObjectKey, KubeObject>(Comparer<ObjectKey>.Create(Compare));

    public ImmutableSortedDictionary<ObjectKey, KubeObject> Of(string type) => Objects.GetValueOrDefault(type, None);

    public ClusterState With(KubeObject item) =>
        this with { Objects = Objects.SetItem(item.Key.Type, Of(item.Key.Type).SetItem(item.Key, item)) };

    public ClusterState Without(ObjectKey key) => this with { Objects = Objects.SetItem(key.Type, Of(key.Type).Remove(key)) };

    private static int Compare(ObjectKey a, ObjectKey b) =>
        string.CompareOrdinal(a.Namespace, b.Namespace) is var order and not 0 ? order : string.CompareOrdinal(a.Name, b.Name);
}

/// <summary>The fewest ready replicas a deployment has had.</summary>
/// <param name="Replicas">How many it was to have at that moment.</param>
/// <param name="Since">When the counting began: when it was first fully ready, or the log was reset.</param>
internal sealed record LowestReady(int Ready, int Replicas, DateTimeOffset At, DateTimeOffset Since);
