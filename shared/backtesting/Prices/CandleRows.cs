using System.Buffers;

namespace Hexabase.Backtesting.Prices;

/// <summary>The rows of one upload, fed in chunks: finds the layout, checks the rows and their order, writes the good ones.</summary>
/// <param name="pointsPerUnit">What MetaTrader's spread counts; null when that is not known.</param>
internal sealed class CandleRows(IBufferWriter<byte> output, double? pointsPerUnit)
{
    private const int LongestLine = 4_096;

    private readonly List<CandleError> errors = [];
    private readonly BarSteps steps = new();
    private CandleLayout? layout;
    private long lines;
    private long rows;
    private long first;
    private long last = -1;
    private long lastLine;

    public long ErrorCount { get; private set; }

    public IReadOnlyList<CandleError> Errors => errors;

    /// <summary>True when nothing that follows could be understood either.</summary>
    public bool IsHopeless { get; private set; }

    /// <summary>Takes whole lines and returns where the unfinished one begins; at the end of the upload, takes that too.</summary>
    public SequencePosition Take(ReadOnlySequence<byte> text, bool isLast)
    {
        var reader = new SequenceReader<byte>(text);
        while (!IsHopeless && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
            TakeLine(line);
        if (!IsHopeless && isLast && !reader.End)
        {
            TakeLine(reader.UnreadSequence);
            reader.AdvanceToEnd();
        }
        if (reader.Remaining > LongestLine)
            GiveUp(lines + 1, $"the line is longer than {LongestLine} bytes");
        if (isLast && rows == 0 && ErrorCount == 0)
            GiveUp(0, "there are no candles");
        return reader.Position;
    }

    public CandleSummary Summarize(string datasetHash, long sizeBytes)
    {
        var (timeframe, gapCount, largestGaps) = steps.Summarize();
        return new CandleSummary(
            datasetHash, rows, sizeBytes, DateTimeOffset.FromUnixTimeSeconds(first), DateTimeOffset.FromUnixTimeSeconds(last),
            timeframe, gapCount, largestGaps);
    }

    private void TakeLine(in ReadOnlySequence<byte> line)
    {
        lines++;
        if (line.Length > LongestLine)
        {
            GiveUp(lines, $"the line is longer than {LongestLine} bytes");
        }
        else if (line.IsSingleSegment)
        {
            TakeLine(line.FirstSpan);
        }
        else
        {
            Span<byte> copy = stackalloc byte[(int)line.Length];
            line.CopyTo(copy);
            TakeLine(copy);
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)'\r');
        if (lines == 1 && line.StartsWith("\uFEFF"u8))
            line = line["\uFEFF"u8.Length..];
        if (line.IsEmpty)
            return;
        if (layout is null && !TakeFirstLine(line))
            return;
        TakeRow(line, layout!);
    }

    /// <summary>True when the line is a candle to be read by the layout that it shows.</summary>
    private bool TakeFirstLine(ReadOnlySpan<byte> line)
    {
        if (line.Contains((byte)0) || line[0] >= 0xFE)
        {
            GiveUp(lines, "the file is not UTF-8 text");
            return false;
        }
        layout = CandleLayout.Detect(line, pointsPerUnit, out var isHeader, out var problem);
        if (layout is null || layout.Columns > CandleRow.MostColumns)
            GiveUp(lines, problem ?? $"more than {CandleRow.MostColumns} columns");
        return layout is not null && !isHeader;
    }

    private void TakeRow(ReadOnlySpan<byte> line, CandleLayout columns)
    {
        var row = default(CandleRow);
        if ((row.Read(line, columns) ?? CheckOrder(row.Time)) is { } reason)
        {
            Report(lines, reason);
            return;
        }
        if (rows++ == 0)
            first = row.Time;
        else if (!steps.TryAdd(last, row.Time))
            GiveUp(lines, "the times have no regular step");
        (last, lastLine) = (row.Time, lines);
        if (ErrorCount == 0)
            WriteRow(row, columns);
    }

    private void WriteRow(in CandleRow row, CandleLayout columns)
    {
        var hasSpread = columns.Spread >= 0;
        if (rows == 1)
            NormalizedWriter.WriteHeader(hasSpread, output);
        NormalizedWriter.Write(row, hasSpread, output);
    }

    private string? CheckOrder(long time) =>
        time > last ? null
        : time == last ? $"the time is that of line {lastLine} again"
        : $"the time is before that of line {lastLine}";

    private void Report(long line, string reason)
    {
        ErrorCount++;
        if (errors.Count < CandleImport.ReportedErrors)
            errors.Add(new CandleError(line, reason));
    }

    private void GiveUp(long line, string reason)
    {
        Report(line, reason);
        IsHopeless = true;
    }
}
