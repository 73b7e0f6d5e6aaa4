using System.Security.Cryptography;
using Hexabase.Backtesting.Proofs;
using Microsoft.Extensions.Caching.Memory;

namespace Hexabase.Domain.Runs;

/// <summary>
/// Verdicts of proofs that were checked in full. Such a check is a pure function of file, keys and engine, so that nothing here goes
/// stale; the least used give way.
/// </summary>
internal sealed class KnownVerdicts : IDisposable
{
    /// <summary>Of a few kilobytes each.</summary>
    private const int Most = 1_000;

    private readonly MemoryCache verdicts = new(new MemoryCacheOptions { SizeLimit = Most });

    /// <summary>What a file is remembered by.</summary>
    public static Key KeyOf(ReadOnlySpan<byte> file, VerificationKeys keys) =>
        new(Convert.ToHexStringLower(SHA256.HashData(file)), keys, EngineVersion.Current);

    /// <summary>Null when the file was not checked, or is forgotten.</summary>
    public Known? Find(Key key) => verdicts.Get<Known>(key);

    /// <param name="datasetHash">The candles it was checked on: the verdict is for those only who may see them.</param>
    public void Remember(Key key, string datasetHash, Verdict verdict) =>
        verdicts.Set(key, new Known(datasetHash, verdict), new MemoryCacheEntryOptions { Size = 1 });

    public void Dispose() => verdicts.Dispose();

    /// <param name="FileHash">SHA-256 of the file's bytes.</param>
    /// <param name="Keys">The very key set that the site has now.</param>
    public sealed record Key(string FileHash, VerificationKeys Keys, string EngineVersion);

    public sealed record Known(string DatasetHash, Verdict Verdict);
}
