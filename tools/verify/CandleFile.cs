using System.Security.Cryptography;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Verify;

/// <summary>Candles in whatever form the visitor has them.</summary>
internal static class CandleFile
{
    /// <summary>
    /// The file itself if it has the wanted hash, else the same candles in the form that is hashed; a file without candles as it is.
    /// </summary>
    /// <param name="pair">Tells how large the points of MetaTrader 5's spreads are; null when it is not known.</param>
    public static async Task<ReadOnlyMemory<byte>> Normalize(byte[] file, string wantedHash, string? pair, CancellationToken ct)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(file)) == wantedHash)
            return file;
        using var upload = new MemoryStream(file, writable: false);
        using var normalized = new MemoryStream();
        return await CandleImport.Run(upload, normalized, Array.MaxLength, pair, ct) is CandleImportResult.Imported
            ? normalized.GetBuffer().AsMemory(0, (int)normalized.Length)
            : file;
    }
}
