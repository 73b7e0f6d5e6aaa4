using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Hexabase.Sqlite;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>The simulated cluster in the platform's database.</summary>
internal sealed class ClusterStore(SqliteDatabase database)
{
    private const string Version = "version";
    private const string Faults = "faults";
    private const string Readiness = "readiness";

    /// <summary>Null before anything was saved.</summary>
    public ClusterState? Load() => database.Read(session =>
    {
        var values = session
            .Query("select name, value from cluster_values", row => (Name: row.GetString(0), Value: row.GetString(1)))
            .ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);
        if (values.Count == 0)
            return null;
        var types = ResourceType.All.ToDictionary(t => t.FullName, StringComparer.Ordinal);
        var state = ClusterState.Empty with
        {
            Version = Parse<long>(values[Version]),
            Faults = Parse<Faults>(values[Faults]),
            Readiness = ClusterState.Empty.Readiness.AddRange(Parse<Dictionary<string, LowestReady>>(values[Readiness])),
        };
        var objects = session.Query("select type, body, owners, due from cluster_objects", row => new KubeObject(
            types[row.GetString(0)],
            KubeJson.Parse(row.GetUtf8(1)),
            KubeObject.NoOwners.AddRange(Parse<Dictionary<string, string[]>>(row.GetString(2))
                .Select(o => KeyValuePair.Create(o.Key, o.Value.ToImmutableSortedSet(StringComparer.Ordinal)))),
            row.IsDBNull(3) ? null : new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero)));
        return objects.Aggregate(state, (all, item) => all.With(item));
    });

    /// <summary>Durable when the task completes.</summary>
    public Task Save(Draft draft, ClusterState before) => database.Write(session =>
    {
        foreach (var key in draft.Changed)
        {
            if (draft.State.Of(key.Type).GetValueOrDefault(key) is { } item)
                Save(session, key, item);
            else
                session.Execute(
                    "delete from cluster_objects where type = $1 and namespace = $2 and name = $3", key.Type, key.Namespace, key.Name);
        }
        Save(session, Version, draft.State.Version);
        if (before.Version == 0 || draft.Faults != before.Faults)
            Save(session, Faults, draft.Faults);
        if (before.Version == 0 || draft.State.Readiness != before.Readiness)
            Save(session, Readiness, draft.State.Readiness);
        return true;
    });

    private static void Save(SqliteSession session, ObjectKey key, KubeObject item) => session.Execute(
        "insert or replace into cluster_objects (type, namespace, name, body, owners, due) values ($1, $2, $3, $4, $5, $6)",
        key.Type,
        key.Namespace,
        key.Name,
        new Utf8Text(Encoding.UTF8.GetBytes(item.Body.ToJsonString(KubeJson.Written))),
        JsonSerializer.Serialize(item.Owners, KubeJson.Written),
        item.Due?.UtcTicks);

    private static void Save<T>(SqliteSession session, string name, T value) => session.Execute(
        "insert or replace into cluster_values (name, value) values ($1, $2)", name, JsonSerializer.Serialize(value, KubeJson.Written));

    private static T Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, KubeJson.Written)!;

    /// <summary>Repeatable; to be given to <see cref="SqliteDatabase.Open"/>. Times are ticks in UTC.</summary>
    public const string Schema = """
        create table if not exists cluster_objects (
            type text not null,
            namespace text not null,
            name text not null,
            body text not null,
            owners text not null,
            due integer,
            primary key (type, namespace, name)) without rowid;

        create table if not exists cluster_values (
            name text not null primary key,
            value text not null) without rowid;
        """;
}
