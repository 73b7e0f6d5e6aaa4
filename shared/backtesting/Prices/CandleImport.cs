using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Hexabase.Backtesting.Prices;

/// <summary>
/// Reads uploaded candles, checks every row and writes them in the normalized form: header <c>time,open,high,low,close,volume</c>
/// (and <c>spread</c> where the upload has that), times <c>yyyy-MM-ddTHH:mm:ssZ</c>, numbers in the shortest form that reads back the same, LF. Normalizing the
/// normalized form changes nothing. Times without a zone, MetaTrader's among them, are taken as UTC.
/// </summary>
public static class CandleImport
{
    /// <summary>How many errors are told in detail.</summary>
    public const int ReportedErrors = 20;

    private const int ChunkBytes = 1 << 16;

    /// <summary>
    /// Imports comma- or tab-separated text, plain or gzip (told by its first two bytes), holding a chunk of it in memory.
    /// </summary>
    /// <param name="upload">Read to its end unless the text is too large; not closed.</param>
    /// <param name="normalized">Gets the normalized bytes; not closed.</param>
    /// <param name="maxBytes">Longest text accepted, after unpacking.</param>
    /// <param name="pair">
    /// Six capital letters; tells how large the points are in which MetaTrader 5 writes spreads. Null when it is not known: those are left out.
    /// </param>
    public static async Task<CandleImportResult> Run(
        Stream upload, Stream normalized, long maxBytes, string? pair, CancellationToken ct)
    {
        var pointsPerUnit = pair is null ? (double?)null : new CurrencyPair(pair).PointsPerUnit;
        var input = PipeReader.Create(upload, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            if (!await IsGzip(input, ct))
                return await Read(input, normalized, maxBytes, pointsPerUnit, ct);
            await using var unzipped = new GZipStream(input.AsStream(leaveOpen: true), CompressionMode.Decompress);
            var text = PipeReader.Create(unzipped, new StreamPipeReaderOptions(bufferSize: ChunkBytes, leaveOpen: true));
            var result = await Read(text, normalized, maxBytes, pointsPerUnit, ct);
            await text.CompleteAsync();
            return result;
        }
        catch (InvalidDataException)
        {
            return new CandleImportResult.Rejected(1, [new CandleError(0, "the gzip data is damaged")]);
        }
        finally
        {
            await input.CompleteAsync();
        }
    }

    private static async Task<bool> IsGzip(PipeReader input, CancellationToken ct)
    {
        var head = (await input.ReadAtLeastAsync(2, ct)).Buffer;
        var isGzip = head.Length >= 2 && head.Slice(0, 2).ToArray() is [0x1f, 0x8b];
        input.AdvanceTo(head.Start);
        return isGzip;
    }

    private static async Task<CandleImportResult> Read(
        PipeReader input, Stream normalized, long maxBytes, double? pointsPerUnit, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var output = new ArrayBufferWriter<byte>(2 * ChunkBytes);
        var rows = new CandleRows(output, pointsPerUnit);
        long read = 0, written = 0;
        while (true)
        {
            var chunk = await input.ReadAsync(ct);
            var text = chunk.Buffer;
            var consumed = rows.Take(text, chunk.IsCompleted);
            read += text.GetOffset(consumed) - text.GetOffset(text.Start);
            if (read > maxBytes)
                return new CandleImportResult.TooLarge(maxBytes);
            input.AdvanceTo(consumed, text.End);
            if (rows.IsHopeless || (chunk.IsCompleted && rows.ErrorCount > 0))
                return new CandleImportResult.Rejected(rows.ErrorCount, rows.Errors);
            if (rows.ErrorCount == 0)
            {
                hash.AppendData(output.WrittenSpan);
                written += output.WrittenCount;
                await normalized.WriteAsync(output.WrittenMemory, ct);
            }
            output.ResetWrittenCount();
            if (chunk.IsCompleted)
                return new CandleImportResult.Imported(rows.Summarize(Convert.ToHexStringLower(hash.GetHashAndReset()), written));
        }
    }
}
