using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Support;

/// <summary>A document store whose process dies around a commit when told so: before it is applied, or after it but before the caller hears of it.</summary>
internal sealed class CrashingDocumentStore(IDocumentStore inner) : IDocumentStore
{
    public enum Crash
    {
        None,
        BeforeCommit,
        AfterCommit,
    }

    /// <summary>What happens at the next commit; used up by it.</summary>
    public Crash Next { get; set; }

    /// <summary>Reads of a document whose id ends so fail.</summary>
    public string? BreakReadsOf { get; set; }

    public ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class =>
        BreakReadsOf is { } end && id.EndsWith(end, StringComparison.Ordinal)
            ? throw new CrashException()
            : inner.Read<T>(container, partition, id, ct);

    public ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class => inner.Query<T>(query, ct);

    public ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class => inner.Query<T>(query, ct);

    public async Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct)
    {
        var crash = Next;
        Next = Crash.None;
        if (crash == Crash.BeforeCommit)
            throw new CrashException();
        var result = await inner.Commit(batch, ct);
        return crash == Crash.AfterCommit ? throw new CrashException() : result;
    }
}

internal sealed class CrashException : Exception;
