using System.Collections.Concurrent;
using Hexabase.Domain.Blobs;

namespace Hexabase.Tests.Support;

/// <summary>Blobs in a dictionary, for tests of what is above the port. It passes the same contract as the real one.</summary>
public sealed class InMemoryBlobStore : IBlobStore
{
    private readonly ConcurrentDictionary<string, byte[]> blobs = new(StringComparer.Ordinal);

    /// <summary>Every path there is, in order.</summary>
    public IReadOnlyList<string> Paths => [.. blobs.Keys.Order(StringComparer.Ordinal)];

    public async Task Create(string path, Stream content, string contentType, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, ct);
        blobs.TryAdd(Checked(path), copy.ToArray());
    }

    public Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        blobs[Checked(path)] = content.ToArray();
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(blobs.TryGetValue(Checked(path), out var content) ? content : (ReadOnlyMemory<byte>?)null);
    }

    public async Task<Stream?> OpenRead(string path, CancellationToken ct) =>
        await Read(path, ct) is { } content ? new MemoryStream(content.ToArray(), writable: false) : null;

    public Task<bool> Exists(string path, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(blobs.ContainsKey(Checked(path)));
    }

    public void Lose(string path) => blobs.TryRemove(path, out _);

    private static string Checked(string path)
    {
        var segments = path.Split('/');
        return segments.Length > 1 && Array.TrueForAll(segments, segment => segment is not ("" or "." or ".."))
            ? path
            : throw new ArgumentException($"'{path}' is no path of a container and a name.", nameof(path));
    }
}
