using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Sqlite;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>The objects of the simulated Stripe, inside one transaction or one reading.</summary>
/// <param name="now">Unix seconds on the simulator's clock.</param>
internal sealed class StripeObjects(SqliteSession session, long now)
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const int IdLength = 24;

    public long Now => now;

    public static string NewId(string prefix) => prefix + RandomNumberGenerator.GetString(Alphabet, IdLength);

    /// <summary>What a page authenticates an intent with.</summary>
    public static string NewSecret(string id) => $"{id}_secret_{RandomNumberGenerator.GetString(Alphabet, IdLength)}";

    public T? Find<T>(string id) where T : Stored, IKind => id.StartsWith(T.Prefix, StringComparison.Ordinal)
        ? session.First("select body from stripe_objects where id = $1", default(T), row => Parse<T>(row.GetUtf8(0)), id)
        : null;

    public JsonObject? FindJson(string id) =>
        session.First("select body from stripe_objects where id = $1", null, row => JsonNode.Parse(row.GetUtf8(0))!.AsObject(), id);

    /// <param name="param">The parameter that names it; null when the address does.</param>
    /// <exception cref="StripeRefusal">There is none of this id.</exception>
    public T Get<T>(string id, string? param = null) where T : Stored, IKind =>
        Find<T>(id) ?? throw StripeRefusal.Missing(T.Prefix.TrimEnd('_'), id, param);

    /// <summary>Newest first.</summary>
    /// <param name="owner">Null for every one.</param>
    public IReadOnlyList<T> List<T>(string? owner = null) where T : Stored, IKind => owner is null
        ? session.Query("select body from stripe_objects where kind = $1 order by number desc", row => Parse<T>(row.GetUtf8(0)), T.Prefix)
        : session.Query(
            "select body from stripe_objects where kind = $1 and owner = $2 order by number desc", row => Parse<T>(row.GetUtf8(0)), T.Prefix, owner);

    /// <summary>Those of a kind whose time has come.</summary>
    public IReadOnlyList<T> Due<T>() where T : Stored, IKind => session.Query(
        "select body from stripe_objects where due_at <= $1 and kind = $2 order by due_at, number", row => Parse<T>(row.GetUtf8(0)), now, T.Prefix);

    /// <summary>Creates it or puts it in the place of what has its id.</summary>
    public T Save<T>(T value) where T : Stored, IKind
    {
        session.Execute(
            """
            insert into stripe_objects (id, kind, owner, due_at, body) values ($1, $2, $3, $4, $5)
            on conflict (id) do update set owner = excluded.owner, due_at = excluded.due_at, body = excluded.body
            """,
            value.Id,
            T.Prefix,
            value.Owner,
            value.DueAt,
            JsonSerializer.Serialize(value, StripeJson.Options));
        return value;
    }

    private static T Parse<T>(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize<T>(body, StripeJson.Options)!;
}
