using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Datasets;

/// <summary>Asks for the candles of a dataset.</summary>
/// <param name="AccountId">Who asks; null for anybody.</param>
/// <param name="KnownETag">The version the caller has already: the hash itself.</param>
public sealed record GetDataset(string DatasetHash, string? AccountId, string? KnownETag);

/// <summary>The candles of a dataset.</summary>
/// <param name="Content">The normalized CSV, to be closed by the reader; null when the caller has it.</param>
public sealed record DatasetContent(Dataset Dataset, Stream? Content);

/// <summary>There is no such dataset, or the caller may not see its candles.</summary>
public sealed record DatasetNotFound() : Refusal(
    RefusalKind.NotFound, "DATASET_NOT_FOUND", "There is no dataset with this hash whose candles you may see.");

/// <summary>Reads the candles of datasets: built-in ones for anybody, others for who uploaded them.</summary>
public sealed class GetDatasetHandler(IDocumentStore documents, IBlobStore blobs)
{
    public async Task<Result<DatasetContent>> Handle(GetDataset ask, CancellationToken ct)
    {
        if (!Sha256Hex.Is(ask.DatasetHash) || await Dataset.ReadableBy(ask.AccountId, documents, ask.DatasetHash, ct) is not { } dataset)
            return new DatasetNotFound();
        if (ask.KnownETag == dataset.DatasetHash)
            return new DatasetContent(dataset, Content: null);
        return await blobs.OpenRead(Dataset.BlobPath(dataset.DatasetHash), ct) is { } content
            ? new DatasetContent(dataset, content)
            : new DatasetNotFound();
    }
}
