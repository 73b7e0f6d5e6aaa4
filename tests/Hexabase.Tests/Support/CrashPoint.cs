using System.Collections.Concurrent;
using Hexabase.Domain;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Support;

/// <summary>Decides at which write the process dies; from then on it writes nothing more, until it is to live again.</summary>
internal sealed class CrashPoint
{
    private int writesLeft = int.MaxValue;
    private bool lastOneCounts;

    /// <summary>Lets so many writes through and dies at the next.</summary>
    public void After(int writes) => writesLeft = writes;

    /// <summary>While true the blob store does not answer; everything else goes on.</summary>
    public bool BlobsAreDown { get; set; }

    public void Never() => (writesLeft, lastOneCounts) = (int.MaxValue, false);

    /// <summary>Lets so many writes through; the next one takes effect too, and the process dies before it hears of it.</summary>
    public void RightAfter(int writes) => (writesLeft, lastOneCounts) = (writes, true);

    /// <exception cref="CrashException">The process is dead.</exception>
    public void Pass()
    {
        if (writesLeft-- <= 0)
            throw new CrashException();
    }

    /// <summary>As <see cref="Pass"/>, around a write.</summary>
    public async Task<T> Pass<T>(Func<Task<T>> write)
    {
        if (lastOneCounts && writesLeft == 0)
            await write();
        Pass();
        return await write();
    }
}

/// <summary>What is thrown where the process would be gone.</summary>
internal sealed class CrashException : Exception;

/// <summary>A document store whose process dies at the crash point, and which remembers where it was let write.</summary>
internal sealed class CrashingDocumentStore(IDocumentStore inner, CrashPoint crash) : IDocumentStore
{
    private readonly ConcurrentDictionary<(string Container, string Partition), bool> written = new();
    private int commits;

    /// <summary>How many commits were let through.</summary>
    public int Commits => commits;

    /// <summary>What the store was asked: <c>read accounts</c>, <c>commit accounts 6</c> with the number of operations.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Every partition of a container that a commit ever went to.</summary>
    public IEnumerable<string> PartitionsEverWritten(Container container) =>
        written.Keys.Where(key => key.Container == container.Name).Select(key => key.Partition);

    /// <summary>Reads of a document whose id ends so fail.</summary>
    public string? BreakReadsOf { get; set; }

    public ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class
    {
        Calls.Enqueue($"read {container.Name}");
        return BreakReadsOf is { } end && id.EndsWith(end, StringComparison.Ordinal)
            ? throw new CrashException()
            : inner.Read<T>(container, partition, id, ct);
    }

    public ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class
    {
        Calls.Enqueue($"query {query.Container.Name}");
        return inner.Query<T>(query, ct);
    }

    public ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class
    {
        Calls.Enqueue($"index query {query.Container.Name}");
        return inner.Query<T>(query, ct);
    }

    public Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct) => crash.Pass(() =>
    {
        Calls.Enqueue($"commit {batch.Container.Name} {batch.Operations.Count}");
        Interlocked.Increment(ref commits);
        written.TryAdd((batch.Container.Name, batch.Partition), true);
        return inner.Commit(batch, ct);
    });
}

/// <summary>A blob store whose process dies at the crash point.</summary>
internal sealed class CrashingBlobStore(IBlobStore inner, CrashPoint crash) : IBlobStore
{
    public Task Create(string path, Stream content, string contentType, CancellationToken ct)
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

    public Task<Stream?> OpenRead(string path, CancellationToken ct) => inner.OpenRead(path, ct);

    public Task<bool> Exists(string path, CancellationToken ct) => inner.Exists(path, ct);
}
