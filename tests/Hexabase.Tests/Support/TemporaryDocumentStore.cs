using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Support;

/// <summary>The real SQLite store in a folder of its own: what tests use wherever an <see cref="IDocumentStore"/> is asked for.</summary>
public sealed class TemporaryDocumentStore : IDocumentStore, IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDocumentStore store;

    /// <param name="copyOf">Starts with what is in this file, which no store may have open; null to start empty.</param>
    public TemporaryDocumentStore(TimeProvider? clock = null, string? copyOf = null)
    {
        if (copyOf is not null)
            File.Copy(copyOf, DatabasePath);
        store = SqliteDocumentStore.Open(DatabasePath, Containers.All, clock ?? TimeProvider.System);
    }

    public string DatabasePath => folder.File("documents.db");

    public ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class =>
        store.Read<T>(container, partition, id, ct);

    public ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class => store.Query<T>(query, ct);

    public ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class => store.Query<T>(query, ct);

    public Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct) => store.Commit(batch, ct);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }
}
