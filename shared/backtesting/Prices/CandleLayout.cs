using System.Text;

namespace Hexabase.Backtesting.Prices;

/// <summary>Which cell of a row is what.</summary>
/// <param name="Separator">Comma, semicolon or tab.</param>
/// <param name="Date">The cell with the date, or with date and time together.</param>
/// <param name="Time">The cell with the time of day; -1 when there is none.</param>
/// <param name="Volume">-1 when there is none.</param>
/// <param name="Columns">Cells in every row.</param>
/// <param name="Spread">-1 when there is none.</param>
/// <param name="SpreadsPerUnit">What the spread counts: points, so many in a unit of price; 1 when it is in price units.</param>
internal sealed record CandleLayout(
    byte Separator, int Date, int Time, int Open, int High, int Low, int Close, int Volume, int Columns, int Spread = -1,
    double SpreadsPerUnit = 1)
{
    private const string MetaTraderSpread = "<SPREAD>";

    private static readonly CandleLayout Iso = new((byte)',', Date: 0, Time: -1, Open: 1, High: 2, Low: 3, Close: 4, Volume: 5, Columns: 6);
    private static readonly CandleLayout Mt4 = new((byte)',', Date: 0, Time: 1, Open: 2, High: 3, Low: 4, Close: 5, Volume: 6, Columns: 7);

    /// <summary>
    /// Recognizes the layout by the first line: named columns (ours, or MetaTrader 5's <c>&lt;DATE&gt; &lt;TIME&gt; …</c>), or a first
    /// candle, of MetaTrader 4 (<c>2017.04.19,09:00,…</c>) or like ours.
    /// </summary>
    /// <param name="pointsPerUnit">What MetaTrader's spread counts; null when that is not known.</param>
    /// <param name="isHeader">False when the line is a candle already.</param>
    /// <returns>Null with what is wrong in <paramref name="problem"/>.</returns>
    public static CandleLayout? Detect(ReadOnlySpan<byte> line, double? pointsPerUnit, out bool isHeader, out string? problem)
    {
        problem = null;
        var separator = line.Contains((byte)'\t') ? (byte)'\t' : line.Contains((byte)',') ? (byte)',' : (byte)';';
        var cells = Encoding.UTF8.GetString(line).Split((char)separator, StringSplitOptions.TrimEntries);
        isHeader = cells[0].Length == 0 || !char.IsAsciiDigit(cells[0][0]);
        if (isHeader)
            return FromNames(cells, separator, pointsPerUnit, out problem);
        if (cells.Length == Mt4.Columns && cells[1].Contains(':', StringComparison.Ordinal))
            return Mt4 with { Separator = separator };
        if (cells.Length == Iso.Columns)
            return Iso with { Separator = separator };
        if (cells.Length == Iso.Columns + 1)
            return Iso with { Separator = separator, Columns = Iso.Columns + 1, Spread = Iso.Columns };
        problem = $"{cells.Length} columns; expected {Candles.Header}, or an export of MetaTrader 4 or 5";
        return null;
    }

    private static CandleLayout? FromNames(string[] cells, byte separator, double? pointsPerUnit, out string? problem)
    {
        var names = Array.ConvertAll(cells, cell => cell.Trim('<', '>').ToLowerInvariant());
        var date = Array.FindIndex(names, name => name is "date" or "datetime" or "timestamp");
        var time = Array.IndexOf(names, "time");
        if (date < 0)
            (date, time) = (time, -1);
        var volume = Array.IndexOf(names, "volume");
        if (volume < 0)
            volume = Array.FindIndex(names, name => name is "tickvol" or "tick_volume" or "vol");
        var layout = new CandleLayout(
            separator, date, time, Array.IndexOf(names, "open"), Array.IndexOf(names, "high"), Array.IndexOf(names, "low"),
            Array.IndexOf(names, "close"), volume, names.Length, Array.IndexOf(cells, MetaTraderSpread));
        layout = layout.Spread < 0
            ? layout with { Spread = Array.IndexOf(names, "spread") }
            : layout with { Spread = pointsPerUnit is null ? -1 : layout.Spread, SpreadsPerUnit = pointsPerUnit ?? 1 };
        var isComplete = layout is { Date: >= 0, Open: >= 0, High: >= 0, Low: >= 0, Close: >= 0 };
        problem = isComplete
            ? null
            : $"the header must name time, open, high, low and close, as in {Candles.Header}, or be an export of MetaTrader 4 or 5";
        return isComplete ? layout : null;
    }
}
