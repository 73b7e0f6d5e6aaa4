using System.Collections.Concurrent;
using Hexabase.Domain;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Strategies;

/// <summary>Decides before which write the process dies; null for none.</summary>
internal sealed class CrashPoint
{
    private int writesLeft = int.MaxValue;

    /// <summary>Lets so many writes through and dies at the next.</summary>
    public void After(int writes) => writesLeft = writes;

    /// <summary>While true the blob store does not answer; everything else goes on.</summary>
    public bool BlobsAreDown { get; set; }

    public void Never() => writesLeft = int.MaxValue;

    public void Pass()
    {
        if (writesLeft-- <= 0)
            throw new CrashException();
    }
}

/// <summary>A document store whose process dies at the crash point, and which remembers every strategy it ever held.</summary>
internal sealed class CrashingDocuments(IDocumentStore inner, CrashPoint crash) : IDocumentStore
{
    private readonly ConcurrentDictionary<string, bool> sids = new(StringComparer.Ordinal);

    public IEnumerable<string> SidsEverWritten => sids.Keys;

    public ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class =>
        inner.Read<T>(container, partition, id, ct);

    public ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class => inner.Query<T>(query, ct);

    public ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class => inner.Query<T>(query, ct);

    public Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct)
    {
        crash.Pass();
        if (batch.Container == Containers.Strategies)
            sids.TryAdd(batch.Partition, true);
        return inner.Commit(batch, ct);
    }
}

/// <summary>A blob store whose process dies at the crash point.</summary>
internal sealed class CrashingBlobs(IBlobStore inner, CrashPoint crash) : IBlobStore
{
    public Task<bool> Create(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct)
    {
        crash.Pass();
        return inner.Create(path, content, contentType, ct);
    }

    public Task<bool> Create(string path, Stream content, string contentType, CancellationToken ct)
    {
        crash.Pass();
        return inner.Create(path, content, contentType, ct);
    }

    public Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct)
    {
        crash.Pass();
        if (crash.BlobsAreDown)
            throw new DependencyUnavailableException("The blob store does not answer.");
        return inner.Put(path, content, contentType, ct);
    }

    public Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct) => inner.Read(path, ct);

    public Task<bool> Exists(string path, CancellationToken ct) => inner.Exists(path, ct);
}
