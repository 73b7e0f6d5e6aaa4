using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Hexabase.Local.Settings;

namespace Hexabase.Local.Backup;

/// <summary>A blob that is there, and what is to be kept of it besides its content.</summary>
internal sealed record StoredBlob(
    string Container, string Name, long Bytes, string ContentType, IReadOnlyDictionary<string, string>? Metadata);

/// <summary>All blobs of an Azurite.</summary>
/// <param name="port">Where it listens on this machine.</param>
internal sealed class BlobAccount(int port)
{
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private readonly BlobServiceClient service = new(ProvidedSettings.BlobStorage(port));

    /// <exception cref="BackupException">There is one of a kind that cannot be kept.</exception>
    public async Task<IReadOnlyList<StoredBlob>> List(CancellationToken ct)
    {
        var blobs = new List<StoredBlob>();
        await foreach (var container in service.GetBlobContainersAsync(cancellationToken: ct))
        {
            var client = service.GetBlobContainerClient(container.Name);
            await foreach (var blob in client.GetBlobsAsync(BlobTraits.Metadata, cancellationToken: ct))
                blobs.Add(Stored(container.Name, blob));
        }
        return blobs;
    }

    public Task Download(StoredBlob blob, string file, CancellationToken ct) =>
        service.GetBlobContainerClient(blob.Container).GetBlobClient(blob.Name).DownloadToAsync(file, ct);

    /// <summary>Into a container that is made, private, when it is not there.</summary>
    public async Task Upload(StoredBlob blob, Stream content, CancellationToken ct)
    {
        var container = service.GetBlobContainerClient(blob.Container);
        if (made.Add(blob.Container))
            await container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: ct);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = blob.ContentType },
            Metadata = blob.Metadata?.ToDictionary(StringComparer.Ordinal),
        };
        await container.GetBlobClient(blob.Name).UploadAsync(content, options, ct);
    }

    private static StoredBlob Stored(string container, BlobItem blob) => blob.Properties.BlobType == BlobType.Block
        ? new(
            container,
            blob.Name,
            blob.Properties.ContentLength ?? 0,
            blob.Properties.ContentType ?? "application/octet-stream",
            blob.Metadata is { Count: > 0 } metadata ? metadata.ToDictionary(StringComparer.Ordinal) : null)
        : throw new BackupException($"{container}/{blob.Name} is no block blob: it cannot be backed up.");
}
