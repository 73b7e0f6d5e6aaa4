using System.Text.Json.Nodes;
using Owners = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableSortedSet<string>>;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>The cluster's next state while one call makes it: nothing of it counts until it has been stored.</summary>
internal sealed class Draft(ClusterState state, DateTimeOffset now)
{
    private readonly HashSet<ObjectKey> changed = [];

    public ClusterState State { get; private set; } = state;

    public DateTimeOffset Now { get; set; } = now;

    /// <summary>Objects that were added, changed or removed.</summary>
    public IReadOnlyCollection<ObjectKey> Changed => changed;

    public Faults Faults
    {
        get => State.Faults;
        set => State = State with { Faults = value };
    }

    public IEnumerable<KubeObject> All(ResourceType type) => State.Of(type.FullName).Values;

    public IEnumerable<KubeObject> All(ResourceType type, string ns) => All(type).Where(o => o.Namespace == ns);

    public IEnumerable<KubeObject> Everything => State.Objects.Values.SelectMany(ofType => ofType.Values);

    public KubeObject? Find(ResourceType type, string ns, string name) =>
        State.Of(type.FullName).GetValueOrDefault(new ObjectKey(type.FullName, ns, name));

    /// <summary>As it is now; null when it is gone.</summary>
    public KubeObject? Latest(KubeObject item) => State.Of(item.Key.Type).GetValueOrDefault(item.Key);

    /// <summary>Adds an object; what the server fills in is filled in.</summary>
    public KubeObject Add(
        ResourceType type, JsonObject body, Owners? owners = null, DateTimeOffset? due = null)
    {
        var version = NextVersion();
        body["apiVersion"] = type.ApiVersion;
        body["kind"] = type.Kind;
        body.Set($"00000000-0000-4000-8000-{version:x12}", "metadata", "uid");
        body.Set(KubeJson.Time(Now), "metadata", "creationTimestamp");
        body.Set(Text(version), "metadata", "resourceVersion");
        if (body["spec"] is not null)
            body.Set(1, "metadata", "generation");
        return Put(new KubeObject(type, body, owners ?? KubeObject.NoOwners, due));
    }

    /// <summary>
    /// Changes an object, giving it a new version; a generation too when its spec is another. An edit without effect changes nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">Not the version that is there: something done in between would be undone.</exception>
    public KubeObject Change(KubeObject item, Action<JsonObject> edit)
    {
        Demand(item);
        var body = (JsonObject)item.Body.DeepClone();
        edit(body);
        if (JsonNode.DeepEquals(body, item.Body))
            return item;
        body.Set(Text(NextVersion()), "metadata", "resourceVersion");
        if (!JsonNode.DeepEquals(body["spec"], item.Spec))
            body.Set(item.Generation + 1, "metadata", "generation");
        return Put(item with { Body = body });
    }

    /// <summary>Says when time changes something about an object; no change that clients could see.</summary>
    /// <exception cref="InvalidOperationException">Not the version that is there.</exception>
    public KubeObject Wake(KubeObject item, DateTimeOffset? due)
    {
        Demand(item);
        return item.Due == due ? item : Put(item with { Due = due });
    }

    public KubeObject Put(KubeObject item)
    {
        State = State.With(item);
        changed.Add(item.Key);
        return item;
    }

    public void Remove(KubeObject item)
    {
        State = State.Without(item.Key);
        changed.Add(item.Key);
    }

    public void Note(string deployment, LowestReady? lowest) => State = State with
    {
        Readiness = lowest is null ? State.Readiness.Remove(deployment) : State.Readiness.SetItem(deployment, lowest),
    };

    /// <summary>The end of a name that must be new, as Kubernetes draws them: no vowels, so that no words come out.</summary>
    public string NewSuffix()
    {
        const string Letters = "bcdfghjklmnpqrstvwxz2456789";
        const long All = 27L * 27 * 27 * 27 * 27;
        // A factor without a common divisor scatters consecutive numbers and never meets twice within the range.
        var number = NextVersion() * 6_364_136_223 % All;
        return string.Create(5, number, (text, left) =>
        {
            for (var i = 0; i < text.Length; i++, left /= Letters.Length)
                text[i] = Letters[(int)(left % Letters.Length)];
        });
    }

    private void Demand(KubeObject item)
    {
        if (!ReferenceEquals(Latest(item), item))
            throw new InvalidOperationException($"{item.Key} has another version by now.");
    }

    private long NextVersion()
    {
        State = State with { Version = State.Version + 1 };
        return State.Version;
    }

    private static string Text(long version) => version.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
