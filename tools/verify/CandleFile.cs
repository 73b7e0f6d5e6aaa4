using System.Security.Cryptography;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Verify;

/// <summary>Candles in whatever form the visitor has them.</summary>
internal static class CandleFile
{
    /// <summary>
    /// The three things that MetaTrader 5's spreads can have become: left out, as of a dataset without a pair, or price units by one of the
    /// two sizes of a point.
    /// </summary>
    private static readonly string?[] Pairs = [null, "EURUSD", "USDJPY"];

    /// <summary>
    /// The file itself if it has the wanted hash, else the same candles in the form that is hashed; a file without candles as it is.
    /// </summary>
    public static async Task<ReadOnlyMemory<byte>> Normalize(byte[] file, string wantedHash, CancellationToken ct)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(file)) == wantedHash)
            return file;
        ReadOnlyMemory<byte> nearest = file;
        foreach (var pair in Pairs)
        {
            using var upload = new MemoryStream(file, writable: false);
            using var normalized = new MemoryStream();
            if (await CandleImport.Run(upload, normalized, Array.MaxLength, pair, ct) is not CandleImportResult.Imported import)
                return file;
            nearest = normalized.GetBuffer().AsMemory(0, (int)normalized.Length);
            if (import.Summary.DatasetHash == wantedHash)
                return nearest;
        }
        return nearest;
    }
}
