using System.Security.Cryptography;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Verify;

/// <summary>Candles in whatever form the visitor has them.</summary>
internal static class CandleFile
{
    /// <summary>
    /// What an upload may have been read for, which a proof does not tell: no pair, or one for each size of the points in which
    /// MetaTrader 5 writes spreads.
    /// </summary>
    private static readonly string?[] Pairs = [null, "EURUSD", "USDJPY"];

    /// <summary>The same candles in the form that has the wanted hash; the file itself when it has none such.</summary>
    public static async Task<ReadOnlyMemory<byte>> Normalize(byte[] file, string wantedHash, CancellationToken ct)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(file)) == wantedHash)
            return file;
        foreach (var pair in Pairs)
        {
            using var upload = new MemoryStream(file, writable: false);
            using var normalized = new MemoryStream();
            if (await CandleImport.Run(upload, normalized, Array.MaxLength, pair, ct) is CandleImportResult.Imported import
                && import.Summary.DatasetHash == wantedHash)
                return normalized.GetBuffer().AsMemory(0, (int)normalized.Length);
        }
        return file;
    }
}
