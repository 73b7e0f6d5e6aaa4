namespace Hexabase.Backtesting.Prices;

/// <summary>One row of an upload as it is read: where its cells are and what they say.</summary>
internal ref struct CandleRow
{
    public const int MostColumns = 32;

    public ReadOnlySpan<byte> OpenText, HighText, LowText, CloseText, VolumeText, SpreadText;
    public long Time;
    public double Open, High, Low, Close, Volume, Spread;

    /// <summary>Reads a line and checks everything that one row can break; null when it is good, otherwise the reason.</summary>
    public string? Read(ReadOnlySpan<byte> line, CandleLayout layout)
    {
        Span<Range> cells = stackalloc Range[MostColumns];
        var count = Split(line, layout.Separator, cells);
        if (count != layout.Columns)
            return $"{count} columns, expected {layout.Columns}";
        OpenText = line[cells[layout.Open]].Trim((byte)' ');
        HighText = line[cells[layout.High]].Trim((byte)' ');
        LowText = line[cells[layout.Low]].Trim((byte)' ');
        CloseText = line[cells[layout.Close]].Trim((byte)' ');
        VolumeText = layout.Volume < 0 ? "0"u8 : line[cells[layout.Volume]].Trim((byte)' ');
        if (!TryReadTime(line, layout, cells, out Time))
            return "the time cannot be read; expected UTC as in 2017-04-19T09:00:00Z";
        return ReadPrice("open", OpenText, out Open) ?? ReadPrice("high", HighText, out High) ?? ReadPrice("low", LowText, out Low)
            ?? ReadPrice("close", CloseText, out Close) ?? ReadVolume() ?? ReadSpread(line, layout, cells) ?? CheckRange();
    }

    private static bool TryReadTime(ReadOnlySpan<byte> line, CandleLayout layout, ReadOnlySpan<Range> cells, out long time)
    {
        var date = line[cells[layout.Date]].Trim((byte)' ');
        if (!UtcTime.TryParse(date, out time))
            return false;
        if (layout.Time < 0)
            return true;
        if (!UtcTime.TryParseTimeOfDay(line[cells[layout.Time]].Trim((byte)' '), out var second))
            return false;
        time += second;
        return date.Length == 10;
    }

    private static string? ReadPrice(string name, ReadOnlySpan<byte> text, out double value) =>
        !DecimalText.TryParse(text, out value) ? $"{name} is not a number" : value > 0 ? null : $"{name} is not positive";

    private string? ReadVolume() =>
        !DecimalText.TryParse(VolumeText, out Volume) ? "volume is not a number" : Volume >= 0 ? null : "volume is negative";

    /// <summary>A spread counted in points has another text in price units, which is not in the line.</summary>
    private string? ReadSpread(ReadOnlySpan<byte> line, CandleLayout layout, scoped ReadOnlySpan<Range> cells)
    {
        if (layout.Spread < 0)
            return null;
        var text = line[cells[layout.Spread]].Trim((byte)' ');
        if (!DecimalText.TryParse(text, out var counted))
            return "spread is not a number";
        Spread = counted / layout.SpreadsPerUnit;
        if (layout.SpreadsPerUnit == 1)
            SpreadText = text;
        return Spread >= 0 ? null : "spread is negative";
    }

    private readonly string? CheckRange() =>
        High < Math.Max(Open, Close) ? "high is below open or close"
        : Low > Math.Min(Open, Close) ? "low is above open or close"
        : null;

    private static int Split(ReadOnlySpan<byte> line, byte separator, Span<Range> cells)
    {
        int count = 0, start = 0;
        while (count < cells.Length)
        {
            var length = line[start..].IndexOf(separator);
            if (length < 0)
            {
                cells[count++] = start..line.Length;
                break;
            }
            cells[count++] = start..(start + length);
            start += length + 1;
        }
        return count;
    }
}
