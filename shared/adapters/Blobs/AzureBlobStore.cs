using System.Collections.Concurrent;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Hexabase.Domain.Blobs;

namespace Hexabase.Adapters.Blobs;

/// <summary>
/// Blobs of an Azure storage account, or of Azurite. Containers are made, private, when they are first written to. A write is one
/// request up to 8 MB. When the answer to a create is lost, its retry finds what the first try wrote and says false.
/// </summary>
public sealed class AzureBlobStore(BlobServiceClient service) : IBlobStore
{
    private const int BlockBytes = 8 * 1024 * 1024;

    private static readonly BlobRequestConditions WhenNew = new() { IfNoneMatch = ETag.All };

    private readonly ConcurrentDictionary<string, bool> existing = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task<bool> Create(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct)
    {
        try
        {
            await Upload(BlobPath.Parse(path), content, contentType, WhenNew, ct);
            return true;
        }
        catch (RequestFailedException e) when (IsTaken(e))
        {
            return false;
        }
    }

    /// <inheritdoc />
    public async Task<bool> Create(string path, Stream content, string contentType, CancellationToken ct)
    {
        var (container, name) = BlobPath.Parse(path);

        // A stream may be readable only once, so its container is made before, not when it turns out to be missing.
        if (!existing.ContainsKey(container))
            await CreateContainer(container, ct);
        try
        {
            await Block(container, name).UploadAsync(content, Options(contentType, WhenNew), ct);
            return true;
        }
        catch (RequestFailedException e) when (IsTaken(e))
        {
            return false;
        }
    }

    /// <inheritdoc />
    public Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct) =>
        Upload(BlobPath.Parse(path), content, contentType, conditions: null, ct);

    /// <inheritdoc />
    public async Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct)
    {
        var (container, name) = BlobPath.Parse(path);
        try
        {
            using var blob = (await Block(container, name).DownloadStreamingAsync(cancellationToken: ct)).Value;
            var content = GC.AllocateUninitializedArray<byte>(checked((int)blob.Details.ContentLength));
            await blob.Content.ReadExactlyAsync(content, ct);
            return content;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public async Task<bool> Exists(string path, CancellationToken ct)
    {
        var (container, name) = BlobPath.Parse(path);
        return await Block(container, name).ExistsAsync(ct);
    }

    private async Task Upload(
        BlobPath path, ReadOnlyMemory<byte> content, string contentType, BlobRequestConditions? conditions, CancellationToken ct)
    {
        var blob = Block(path.Container, path.Name);
        var bytes = BinaryData.FromBytes(content);
        try
        {
            await blob.UploadAsync(bytes.ToStream(), Options(contentType, conditions), ct);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await CreateContainer(path.Container, ct);
            await blob.UploadAsync(bytes.ToStream(), Options(contentType, conditions), ct);
        }
    }

    /// <summary>Two that do so at once both succeed.</summary>
    private async Task CreateContainer(string container, CancellationToken ct)
    {
        await service.GetBlobContainerClient(container).CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: ct);
        existing[container] = true;
    }

    private BlockBlobClient Block(string container, string name) => service.GetBlobContainerClient(container).GetBlockBlobClient(name);

    private static BlobUploadOptions Options(string contentType, BlobRequestConditions? conditions) => new()
    {
        HttpHeaders = new BlobHttpHeaders { ContentType = contentType },
        Conditions = conditions,
        TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 2 },
    };

    // 409 from a Put Blob, 412 where a service reads the condition more literally.
    private static bool IsTaken(RequestFailedException e) =>
        e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.ConditionNotMet;
}
