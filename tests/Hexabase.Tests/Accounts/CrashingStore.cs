using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Accounts;

/// <summary>A store whose user dies at its n-th commit, before it or right after it took effect.</summary>
internal sealed class CrashingStore(IDocumentStore inner, int crashAt, bool afterwards) : IDocumentStore
{
    private int commits;

    public ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class =>
        inner.Read<T>(container, partition, id, ct);

    public ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class => inner.Query<T>(query, ct);

    public ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class => inner.Query<T>(query, ct);

    public async Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct)
    {
        var last = ++commits == crashAt;
        if (last && !afterwards)
            throw new CrashException();
        var result = await inner.Commit(batch, ct);
        return last ? throw new CrashException() : result;
    }
}
