using Hexabase.Domain.Blobs;

namespace Hexabase.Tests.Support;

/// <summary>Blobs in memory that can be made unavailable.</summary>
internal sealed class FailingBlobStore : IBlobStore
{
    private readonly InMemoryBlobStore inner = new();
    private int reads;

    /// <summary>While true every write fails as an unreachable account does.</summary>
    public bool IsDown { get; set; }

    /// <summary>While true every write hangs until the caller gives up.</summary>
    public bool Hangs { get; set; }

    public int Puts { get; private set; }

    /// <summary>Done at the beginning of every write.</summary>
    public Func<Task> OnPut { get; set; } = () => Task.CompletedTask;

    /// <summary>Reads of whole files wait until it ends.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Reads of whole files that have begun.</summary>
    public int Reads => reads;

    public IReadOnlyList<string> Paths => inner.Paths;

    public Task Create(string path, Stream content, string contentType, CancellationToken ct) => inner.Create(path, content, contentType, ct);

    public async Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct)
    {
        Puts++;
        await OnPut();
        if (IsDown)
            throw new HttpRequestException("The account does not answer.");
        if (Hangs)
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        await inner.Put(path, content, contentType, ct);
    }

    /// <summary>Loses a blob, as somebody's clean-up may.</summary>
    public void Lose(string path) => inner.Lose(path);

    public async Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct)
    {
        Interlocked.Increment(ref reads);
        await Gate.WaitAsync(ct);
        return await inner.Read(path, ct);
    }

    public Task<Stream?> OpenRead(string path, CancellationToken ct) => inner.OpenRead(path, ct);

    public Task<bool> Exists(string path, CancellationToken ct) => inner.Exists(path, ct);
}
