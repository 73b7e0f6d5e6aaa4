using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Datasets;

/// <summary>
/// Metadata of a stored dataset. Document <see cref="DocumentId"/> in the partition of its hash; content at <see cref="BlobPath"/>.
/// </summary>
/// <param name="DatasetHash">SHA-256 of the normalized CSV bytes, 64 lower-case hex digits.</param>
/// <param name="Synthetic">True for the built-in dummy candles, which no market ever made.</param>
/// <param name="Rows">Number of candles.</param>
/// <param name="SizeBytes">Length of the normalized CSV.</param>
/// <param name="From">Opening time of the first candle, UTC.</param>
/// <param name="To">Opening time of the last candle, UTC.</param>
public sealed record Dataset(
    string DatasetHash,
    string Name,
    string? Pair,
    string? Timeframe,
    bool Synthetic,
    long Rows,
    long SizeBytes,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset CreatedAt)
{
    public const string DocumentId = "dataset";

    /// <summary>The partition of <see cref="Containers.Listings"/> with the built-in datasets.</summary>
    public const string BuiltInList = "datasets";

    /// <summary>Begins the ids of an account's datasets in its partition, each a <see cref="Dataset"/> under its own name.</summary>
    public const string OwnIdPrefix = "dataset:";

    /// <summary>Where the normalized CSV is kept.</summary>
    public static string BlobPath(string datasetHash) => $"data/{datasetHash}.csv";

    /// <summary>The id of a built-in dataset in <see cref="BuiltInList"/>.</summary>
    public static string BuiltInId(string pair, string timeframe) => $"{pair}:{timeframe}";

    /// <summary>The built-in dataset of a pair and timeframe; null when there is none.</summary>
    public static ValueTask<Document<Dataset>?> ReadBuiltIn(
        IDocumentStore documents, string pair, string timeframe, CancellationToken ct) =>
        documents.Read<Dataset>(Containers.Listings, BuiltInList, BuiltInId(pair, timeframe), ct);

    /// <summary>
    /// The dataset with this hash, if an account (null for anybody) may see its candles: those that come with the product are everybody's,
    /// others are for whoever uploaded the very same.
    /// </summary>
    public static async Task<Dataset?> ReadableBy(string? accountId, IDocumentStore documents, string datasetHash, CancellationToken ct)
    {
        if (await Read(documents, datasetHash, ct) is { Value: { Synthetic: true } builtIn })
            return builtIn;
        return accountId is null
            ? null
            : (await documents.Read<Dataset>(Containers.Accounts, accountId, OwnIdPrefix + datasetHash, ct))?.Value;
    }

    /// <summary>Null when no dataset has this hash.</summary>
    public static ValueTask<Document<Dataset>?> Read(IDocumentStore documents, string datasetHash, CancellationToken ct) =>
        documents.Read<Dataset>(Containers.Datasets, datasetHash, DocumentId, ct);
}
