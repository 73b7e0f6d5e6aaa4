using Hexabase.Domain.Blobs;

namespace Hexabase.Tests.Support;

/// <summary>Blobs in memory that can be made unavailable.</summary>
internal sealed class FailingBlobStore : IBlobStore
{
    private readonly InMemoryBlobStore inner = new();

    /// <summary>While true every write fails as an unreachable account does.</summary>
    public bool IsDown { get; set; }

    public int Puts { get; private set; }

    public IReadOnlyList<string> Paths => inner.Paths;

    public Task<bool> Create(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct) =>
        inner.Create(path, content, contentType, ct);

    public Task<bool> Create(string path, Stream content, string contentType, CancellationToken ct) => inner.Create(path, content, contentType, ct);

    public Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct)
    {
        Puts++;
        return IsDown ? throw new HttpRequestException("The account does not answer.") : inner.Put(path, content, contentType, ct);
    }

    public Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct) => inner.Read(path, ct);

    public Task<bool> Exists(string path, CancellationToken ct) => inner.Exists(path, ct);
}
