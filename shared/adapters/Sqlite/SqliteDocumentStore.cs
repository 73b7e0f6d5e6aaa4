using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Hexabase.Adapters.Documents;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Sqlite;

namespace Hexabase.Adapters.Sqlite;

/// <summary>
/// Documents in one SQLite file, a table a container: the store of one machine. Ids and indexed values are ordered by their UTF-8 bytes.
/// </summary>
public sealed class SqliteDocumentStore : IDocumentStore, IAsyncDisposable
{
    private const int SchemaVersion = 1;

    private readonly SqliteDatabase database;
    private readonly FrozenDictionary<string, ContainerTable> tables;
    private readonly ExpiredDocuments expired;
    private readonly TimeProvider clock;

    private SqliteDocumentStore(SqliteDatabase database, FrozenDictionary<string, ContainerTable> tables, TimeProvider clock)
    {
        this.database = database;
        this.tables = tables;
        this.clock = clock;
        expired = new ExpiredDocuments(tables.Values);
    }

    /// <summary>Opens or creates the file with a table for every container.</summary>
    /// <exception cref="NewerSchemaException">A newer version of the program wrote the file.</exception>
    public static SqliteDocumentStore Open(string path, IReadOnlyList<Container> containers, TimeProvider clock)
    {
        var byName = containers.ToFrozenDictionary(c => c.Name, c => new ContainerTable(c), StringComparer.Ordinal);
        var schema = string.Concat(byName.Values.Select(table => table.Schema));
        return new SqliteDocumentStore(SqliteDatabase.Open(path, schema, SchemaVersion), byName, clock);
    }

    /// <inheritdoc />
    public ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class
    {
        if (ct.IsCancellationRequested)
            return ValueTask.FromCanceled<Document<T>?>(ct);
        var sql = TableOf(container).Read;
        return ValueTask.FromResult(database.Read(session => session.First(
            sql, null, row => new Document<T>(partition, id, ETag(row, 0), Value<T>(row, 1)), partition, id, Now)));
    }

    /// <inheritdoc />
    public ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class
    {
        var identity = QueryIdentity.Of(query);
        if (ct.IsCancellationRequested)
            return ValueTask.FromCanceled<Page<T>>(ct);
        var table = TableOf(query.Container);
        var last = query.Continuation is { } continuation ? Continuation.Position(continuation, identity, parts: 1)[0] : null;

        // UTF-8 has no byte 0xFF: every id with the prefix lies between the prefix and the prefix followed by it.
        // And no text lies between another and the same one followed by a zero byte.
        var from = Utf8(last is null || query.Descending ? query.IdPrefix : last + '\0');
        var to = last is null || !query.Descending ? new Utf8Text((byte[])[.. Encoding.UTF8.GetBytes(query.IdPrefix), 0xFF]) : Utf8(last);
        var items = database.Read(session => session.Query(
            query.Descending ? table.PageDescending : table.Page, AsDocument<T>, query.Partition, from, to, Now, query.Limit + 1L));
        return ValueTask.FromResult(items.Count <= query.Limit
            ? new Page<T>(items, null)
            : new Page<T>([.. items.Take(query.Limit)], Continuation.After([items[query.Limit - 1].Id], identity)));
    }

    /// <inheritdoc />
    public ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class
    {
        var identity = QueryIdentity.Of(query);
        if (ct.IsCancellationRequested)
            return ValueTask.FromCanceled<Page<T>>(ct);
        var sql = TableOf(query.Container).PageByIndex(query.Index);
        var last = query.Continuation is { } continuation ? Continuation.Position(continuation, identity, parts: 3) : ["", "", ""];
        var items = database.Read(session => session.Query(
            sql, row => (Document: AsDocument<T>(row), Value: row.GetString(4)), query.UpTo, last[0], last[1], last[2], Now, query.Limit + 1L));
        var documents = items.Take(query.Limit).Select(item => item.Document).ToArray();
        return ValueTask.FromResult(items.Count <= query.Limit
            ? new Page<T>(documents, null)
            : new Page<T>(documents, Continuation.After([items[query.Limit - 1].Value, documents[^1].Partition, documents[^1].Id], identity)));
    }

    /// <inheritdoc />
    public async Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var prepared = new PreparedBatch(TableOf(batch.Container), batch, now);
        return await database.Write(
            session =>
            {
                var result = prepared.Apply(session);
                expired.PurgeSome(session, now);
                return result;
            },
            ct);
    }

    /// <summary>Finishes the commits that were accepted, then closes the file.</summary>
    public ValueTask DisposeAsync() => database.DisposeAsync();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private ContainerTable TableOf(Container container) => tables.TryGetValue(container.Name, out var table)
        ? table
        : throw new ArgumentException($"The store was opened without container '{container.Name}'.", nameof(container));

    private static Document<T> AsDocument<T>(SqliteRow row) => new(row.GetString(0), row.GetString(1), ETag(row, 2), Value<T>(row, 3));

    private static string ETag(SqliteRow row, int column) => row.GetInt64(column).ToString("x16", CultureInfo.InvariantCulture);

    private static T Value<T>(SqliteRow row, int column) => JsonSerializer.Deserialize<T>(row.GetUtf8(column), DomainJson.Options)!;

    private static Utf8Text Utf8(string text) => new(Encoding.UTF8.GetBytes(text));
}
