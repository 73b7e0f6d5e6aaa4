namespace Hexabase.Domain.Blobs;

/// <summary>
/// Files by path. The first segment is the container (<c>data</c>, <c>strategies</c>, <c>results</c>, <c>sweeps</c>), the rest the name in
/// it. Every call throws <see cref="DependencyUnavailableException"/> when the store does not answer.
/// </summary>
/// <remarks>
/// Nothing here reads a file to write it changed, so no write takes a version as a condition. A file is either named after its content or
/// its inputs, and then all its writers write the same bytes; or it mirrors a document, and then its writer reads the document again after
/// writing and brings the file up to it.
/// </remarks>
public interface IBlobStore
{
    /// <summary>
    /// Writes a file that is named after its content and never changes. One that is there already stays as it is, so a repeat, as after a
    /// lost answer, does nothing.
    /// </summary>
    /// <param name="content">Need not be seekable.</param>
    Task Create(string path, Stream content, string contentType, CancellationToken ct);

    /// <summary>Writes a file, whatever is there now.</summary>
    Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct);

    /// <summary>The whole file; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct);

    /// <summary>The file as a stream, to be closed by the reader; null when there is none.</summary>
    Task<Stream?> OpenRead(string path, CancellationToken ct);

    /// <summary>True when the path is taken.</summary>
    Task<bool> Exists(string path, CancellationToken ct);
}
