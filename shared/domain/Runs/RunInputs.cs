using System.Security.Cryptography;
using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Strategies;
using Microsoft.Extensions.Caching.Memory;

namespace Hexabase.Domain.Runs;

/// <summary>
/// Loads what a run needs and keeps it by hash: strategies that were read, candles in columns. What has a hash never changes, so nothing
/// here goes stale; memory is bounded.
/// </summary>
public sealed class RunInputs(IDocumentStore documents, IBlobStore blobs) : IDisposable
{
    private const int BytesPerCandle = 6 * sizeof(double);

    /// <summary>What a run of one candle more takes: its text while it is read, its columns, and the indicators over it.</summary>
    private const int BytesPerCandleInUse = 256;

    /// <summary>Runs that take less than this are small; all slots together may hold that many.</summary>
    private const long SmallRun = 32 << 20;

    private readonly MemoryBudget bigRuns = new(512 << 20);

    // Sweeps hold theirs for long, and no run is to wait for it.
    private readonly MemoryBudget bigSweeps = new(1 << 30);

    private readonly MemoryCache strategies = new(new MemoryCacheOptions { SizeLimit = 2_000 });
    private readonly MemoryCache candles = new(new MemoryCacheOptions { SizeLimit = 96 << 20 });
    private readonly KeyedLock loading = new();

    /// <summary>
    /// The document of a strategy's version that has this code, or the blob when the strategy has been removed since; null when neither is
    /// there.
    /// </summary>
    public async Task<JsonElement?> Code(string sid, int version, string codeHash, CancellationToken ct)
    {
        var stored = await documents.Read<StrategyVersion>(Containers.Strategies, sid, StrategyVersion.DocumentId(version), ct);
        if (stored is not null && stored.Value.CodeHash == codeHash)
            return stored.Value.Code;
        if (await blobs.Read(Strategies.Strategy.BlobPath(sid), ct) is not { } json)
            return null;
        var code = JsonElement.Parse(json.Span);
        return CodeHash.Of(code) == codeHash ? code : null;
    }

    /// <summary>A strategy as it was in a version that has this code; null when it is gone.</summary>
    public Task<StrategyDefinition?> Strategy(string sid, int version, string codeHash, CancellationToken ct) => Cached(
        strategies,
        codeHash,
        async () => await Code(sid, version, codeHash, ct) is { } code ? Understand(sid, codeHash, code) : null,
        _ => 1,
        ct);

    /// <summary>The candles with this hash; null when there are none.</summary>
    public Task<Candles?> Candles(string datasetHash, CancellationToken ct) => Cached(
        candles,
        datasetHash,
        async () => await blobs.Read(Dataset.BlobPath(datasetHash), ct) is { } csv ? Understand(datasetHash, csv.Span) : null,
        loaded => (long)loaded.Count * BytesPerCandle,
        ct);

    /// <summary>
    /// Waits for the memory that a run on this dataset takes, when that is much: big ones share a fixed amount, so that all slots at once
    /// do not exhaust the process. Null for a small one, which does not wait.
    /// </summary>
    public async Task<IDisposable?> Reserve(string datasetHash, CancellationToken ct)
    {
        var bytes = await CandleCount(datasetHash, ct) * BytesPerCandleInUse;
        return bytes < SmallRun ? null : await bigRuns.Take(bytes, ct);
    }

    /// <summary>The same for a sweep of so many backtests, which keeps columns to share; sweeps wait for sweeps only.</summary>
    public async Task<IDisposable?> ReserveForSweep(string datasetHash, int evaluations, CancellationToken ct)
    {
        var count = await CandleCount(datasetHash, ct);
        var bytes = (count * BytesPerCandleInUse) + Math.Min(Sweep.BudgetBytes, count * evaluations * sizeof(double));
        return bytes < SmallRun ? null : await bigSweeps.Take(bytes, ct);
    }

    /// <summary>How many candles a dataset has; 0 when there is none with this hash.</summary>
    public async ValueTask<long> CandleCount(string datasetHash, CancellationToken ct) =>
        candles.TryGetValue(datasetHash, out Candles? known)
            ? known!.Count
            : (await Dataset.Read(documents, datasetHash, ct))?.Value.Rows ?? 0;

    public void Dispose()
    {
        bigRuns.Dispose();
        bigSweeps.Dispose();
        strategies.Dispose();
        candles.Dispose();
        loading.Dispose();
    }

    private async Task<T?> Cached<T>(MemoryCache cache, string key, Func<Task<T?>> load, Func<T, long> size, CancellationToken ct)
        where T : class
    {
        if (cache.TryGetValue(key, out T? known))
            return known;
        using var turn = await loading.Enter(key, ct);
        if (cache.TryGetValue(key, out known))
            return known;
        var loaded = await load();
        if (loaded is not null)
            cache.Set(key, loaded, new MemoryCacheEntryOptions { Size = size(loaded) });
        return loaded;
    }

    /// <summary>A run proves itself by the hash of its candles, so bytes that are not theirs are nobody's candles.</summary>
    private static Candles Understand(string datasetHash, ReadOnlySpan<byte> csv) =>
        Convert.ToHexStringLower(SHA256.HashData(csv)) == datasetHash
            ? Backtesting.Prices.Candles.Parse(csv)
            : throw new InvalidOperationException($"What is stored as {Dataset.BlobPath(datasetHash)} is not what the hash stands for.");

    private static StrategyDefinition Understand(string sid, string codeHash, JsonElement code) =>
        StrategyDefinition.Parse(code).Succeeded(out var strategy)
            ? strategy
            : throw new InvalidOperationException($"The stored code {codeHash} of {sid} is no strategy.");
}
