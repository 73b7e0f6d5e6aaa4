namespace Hexabase.Backtesting.Prices;

/// <summary>
/// Candles in columns, oldest first; immutable and safe to share between threads. Prices are finite and positive, high and low
/// enclose open and close, times ascend: <see cref="CandleImport"/> has seen to that.
/// </summary>
public sealed class Candles
{
    /// <summary>The first line of the normalized form.</summary>
    public const string Header = "time,open,high,low,close,volume";

    /// <summary>The first line when every candle has a spread besides.</summary>
    public const string HeaderWithSpread = Header + ",spread";

    internal readonly long[] TimeColumn;
    internal readonly double[] OpenColumn;
    internal readonly double[] HighColumn;
    internal readonly double[] LowColumn;
    internal readonly double[] CloseColumn;
    internal readonly double[] VolumeColumn;
    internal readonly double[]? SpreadColumn;
    private int[]? dayEnds;

    /// <summary>Takes over columns of one length; the caller keeps no reference.</summary>
    /// <param name="spread">Null when there is none.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    public Candles(long[] time, double[] open, double[] high, double[] low, double[] close, double[] volume, double[]? spread = null)
    {
        if (new[] { open, high, low, close, volume, spread ?? open }.Any(column => column.Length != time.Length))
            throw new ArgumentException("The columns differ in length.", nameof(time));
        SpreadColumn = spread;
        (TimeColumn, OpenColumn, HighColumn, LowColumn, CloseColumn, VolumeColumn) = (time, open, high, low, close, volume);
    }

    public int Count => TimeColumn.Length;

    /// <summary>Opening times, Unix seconds, UTC.</summary>
    public ReadOnlySpan<long> Time => TimeColumn;

    public ReadOnlySpan<double> Open => OpenColumn;

    public ReadOnlySpan<double> High => HighColumn;

    public ReadOnlySpan<double> Low => LowColumn;

    public ReadOnlySpan<double> Close => CloseColumn;

    /// <summary>Ticks or units, whatever the source counts; 0 where it has none.</summary>
    public ReadOnlySpan<double> Volume => VolumeColumn;

    /// <summary>Ask less bid, in price units, at every bar; empty where the source has none.</summary>
    public ReadOnlySpan<double> Spread => SpreadColumn;

    /// <summary>The last bar of every UTC day that has one, looked for once.</summary>
    internal ReadOnlySpan<int> DayEnds => dayEnds ??= CandleDays.LastBars(TimeColumn);

    /// <summary>Reads the normalized form that <see cref="CandleImport"/> writes.</summary>
    /// <exception cref="FormatException">The bytes are not of that form; tells the line.</exception>
    public static Candles Parse(ReadOnlySpan<byte> normalizedCsv) => NormalizedCandles.Parse(normalizedCsv);
}
