namespace Hexabase.Domain.Blobs;

/// <summary>
/// Files by path. The first segment is the container (<c>data</c>, <c>strategies</c>, <c>results</c>), the rest the name in it.
/// Every call throws <see cref="DependencyUnavailableException"/> when the store does not answer.
/// </summary>
public interface IBlobStore
{
    /// <summary>Writes a file that never changes afterwards. False, and nothing written, when the path is taken.</summary>
    Task<bool> Create(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct);

    /// <inheritdoc cref="Create(string, ReadOnlyMemory{byte}, string, CancellationToken)"/>
    Task<bool> Create(string path, Stream content, string contentType, CancellationToken ct);

    /// <summary>Writes a file, whatever is there now.</summary>
    Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct);

    /// <summary>The whole file; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct);

    /// <summary>The file as a stream, to be closed by the reader; null when there is none.</summary>
    Task<Stream?> OpenRead(string path, CancellationToken ct);

    /// <summary>True when the path is taken.</summary>
    Task<bool> Exists(string path, CancellationToken ct);
}
