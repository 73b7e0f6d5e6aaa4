using System.Collections.Concurrent;
using Azure;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Hexabase.Domain;
using Hexabase.Domain.Blobs;

namespace Hexabase.Adapters.Blobs;

/// <summary>
/// Blobs of an Azure storage account, or of Azurite. Containers that are missing are made, private, when they are first written to. A write
/// is one request up to 8 MB, and carries its checksum, which the service compares.
/// </summary>
public sealed class AzureBlobStore(BlobServiceClient service) : IBlobStore
{
    private const int BlockBytes = 8 * 1024 * 1024;

    private static readonly BlobRequestConditions WhenNew = new() { IfNoneMatch = ETag.All };

    private readonly ConcurrentDictionary<string, bool> existing = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public Task Create(string path, Stream content, string contentType, CancellationToken ct) => Reach(async () =>
    {
        var (container, name) = BlobPath.Parse(path);

        // A stream may be readable only once, so its container is made before, not when it turns out to be missing.
        if (!existing.ContainsKey(container))
            await CreateContainer(container, ct);
        try
        {
            await Block(container, name).UploadAsync(content, Options(contentType, WhenNew), ct);
        }
        catch (RequestFailedException e) when (IsTaken(e))
        {
            // What is there has the same path, so the same content.
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Deleted under a running app. The stream is used up, so it is the caller's next try that makes the container.
            existing.TryRemove(container, out _);
            throw new DependencyUnavailableException($"The blob container '{container}' is gone.", e);
        }
    }, ct);

    /// <inheritdoc />
    public Task Put(string path, ReadOnlyMemory<byte> content, string contentType, CancellationToken ct) => Reach(async () =>
    {
        var (container, name) = BlobPath.Parse(path);
        var (blob, bytes, options) = (Block(container, name), BinaryData.FromBytes(content), Options(contentType, conditions: null));
        try
        {
            await blob.UploadAsync(bytes.ToStream(), options, ct);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await CreateContainer(container, ct);
            await blob.UploadAsync(bytes.ToStream(), options, ct);
        }
    }, ct);

    /// <inheritdoc />
    public Task<ReadOnlyMemory<byte>?> Read(string path, CancellationToken ct) => Reach<ReadOnlyMemory<byte>?>(async () =>
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
    }, ct);

    /// <inheritdoc />
    public Task<Stream?> OpenRead(string path, CancellationToken ct) => Reach<Stream?>(async () =>
    {
        var (container, name) = BlobPath.Parse(path);
        try
        {
            return (await Block(container, name).DownloadStreamingAsync(cancellationToken: ct)).Value.Content;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }, ct);

    /// <inheritdoc />
    public Task<bool> Exists(string path, CancellationToken ct) => Reach(async () =>
    {
        var (container, name) = BlobPath.Parse(path);
        return (await Block(container, name).ExistsAsync(ct)).Value;
    }, ct);

    private static async Task Reach(Func<Task> call, CancellationToken ct) => await Reach<object?>(async () =>
    {
        await call();
        return null;
    }, ct);

    /// <summary>A call whose failure says, where it is so, that the service does not answer.</summary>
    private static async Task<T> Reach<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (IsDown(e, ct))
        {
            throw new DependencyUnavailableException("The blob store does not answer.", e);
        }
    }

    // A retried call ends in an aggregate of its tries; status 0 is no answer at all; without a token nothing is asked.
    private static bool IsDown(Exception e, CancellationToken ct) => e switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 } or HttpRequestException or IOException
            or AuthenticationFailedException => true,
        OperationCanceledException => !ct.IsCancellationRequested,
        AggregateException { InnerExceptions: { Count: > 0 } tries } => tries.All(t => IsDown(t, ct)),
        _ => false,
    };

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
        TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
        TransferOptions = new StorageTransferOptions { InitialTransferSize = BlockBytes, MaximumTransferSize = BlockBytes, MaximumConcurrency = 2 },
    };

    // 409 from a Put Blob, 412 where a service reads the condition more literally.
    private static bool IsTaken(RequestFailedException e) =>
        e.ErrorCode == BlobErrorCode.BlobAlreadyExists || e.ErrorCode == BlobErrorCode.ConditionNotMet;
}
