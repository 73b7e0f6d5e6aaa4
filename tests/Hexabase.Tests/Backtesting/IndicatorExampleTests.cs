using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

/// <summary>Indicators on a few bars, computed by hand from their published definitions.</summary>
public sealed class IndicatorExampleTests
{
    private const double None = double.NaN;

    /// <summary>A rise, a turn on the fifth bar, and a fall.</summary>
    private static readonly Candles Turn = IndicatorCandles.OfRanges(
        (10, 9, 9.5), (11, 10, 10.5), (12, 11, 11.5), (13, 12, 12.5), (11, 9.5, 10), (10, 9, 9.5), (9, 8.5, 8.5));

    private static readonly Candles Trend = IndicatorCandles.OfRanges((10, 8, 9), (11, 9, 10), (14, 12, 13.5), (14, 12, 12.5), (11, 9, 10));

    [Fact]
    public void Momentum() => Check(Documents.Closes(1, 2, 4, 3), "momentum(close, 2)", null, None, None, 3, 1);

    [Fact]
    public void Rate_of_change() => Check(Documents.Closes(1, 2, 4, 3), "roc(close, 2)", null, None, None, 300, 50);

    [Fact]
    public void Weighted_average() => Check(Documents.Closes(1, 2, 4), "wma(close, 2)", null, None, 5 / 3.0, 10 / 3.0);

    [Fact]
    public void Deviation() => Check(Documents.Closes(1, 3, 3, 7), "stdev(close, 2)", null, None, 1, 0, 2);

    [Fact]
    public void Highest_and_lowest_include_this_bar()
    {
        Check(Documents.Closes(1, 3, 2, 5), "highest(close, 2)", null, None, 3, 3, 5);
        Check(Documents.Closes(1, 3, 2, 5), "lowest(close, 2)", null, None, 1, 2, 2);
    }

    [Fact]
    public void On_balance_volume() => Check(
        IndicatorCandles.Of((1, 1, 1, 1, 10), (2, 2, 2, 2, 20), (2, 2, 2, 2, 30), (1, 1, 1, 1, 40)), "obv()", null, 10, 30, 30, -10);

    [Fact]
    public void Volume_weighted_price_starts_anew_each_day_and_waits_for_volume()
    {
        const long Day = 86_400;
        double[] prices = [3, 6, 9, 6, 12];
        var candles = new Candles([Day - 7200, Day - 3600, Day, Day + 3600, Day + 7200], prices, prices, prices, prices, [1, 2, 0, 1, 2]);
        Check(candles, "vwap()", null, 3, 5, None, 6, 10);
    }

    [Fact] // The average true range of one bar is the true range: 2 and 2.
    public void Keltner_channel()
    {
        var candles = IndicatorCandles.OfRanges((10, 8, 9), (11, 9, 11), (13, 11, 12));
        Check(candles, "keltner(2, 1, 2)", "middle", None, 10, 34 / 3.0);
        Check(candles, "keltner(2, 1, 2)", "upper", None, 14, 46 / 3.0);
        Check(candles, "keltner(2, 1, 2)", "lower", None, 6, 22 / 3.0);
    }

    [Fact]
    public void Ichimoku_cloud()
    {
        var candles = IndicatorCandles.OfRanges((2, 1, 1), (4, 2, 2), (6, 5, 5), (8, 3, 3), (9, 7, 7));
        Check(candles, "ichimoku(1, 2, 3)", "conversion", 1.5, 3, 5.5, 5.5, 8);
        Check(candles, "ichimoku(1, 2, 3)", "base", None, 2.5, 4, 5.5, 6);
        Check(candles, "ichimoku(1, 2, 3)", "span_a", None, None, None, 2.75, 4.75);
        Check(candles, "ichimoku(1, 2, 3)", "span_b", None, None, None, None, 3.5);
    }

    [Fact] // On the fifth bar 9.5 is below the stop of 10.408: it jumps to the extreme, 13, and stays above the two bars before it.
    public void Parabolic_stop_and_reverse()
    {
        Check(Turn, "parabolic_sar(0.1, 0.2)", "sar", None, 9, 9.2, 9.76, 13, 13, 12.2);
        Check(Turn, "parabolic_sar(0.1, 0.2)", "direction", None, 1, 1, 1, -1, -1, -1);
    }

    [Fact] // True ranges 2, 4, 2, 3.5. The close of 13.5 passes the upper band of 12, that of 10 the lower band of 11.
    public void Supertrend()
    {
        Check(Trend, "supertrend(1, 1)", "line", None, 12, 9, 11, 13.5);
        Check(Trend, "supertrend(1, 1)", "direction", None, -1, 1, 1, -1);
    }

    private static void Check(Candles candles, string call, string? output, params double[] expected) => Assert.Equal(
        expected,
        IndicatorColumns.Of(candles, call, output),
        (want, value) => want.Equals(value) || Math.Abs(want - value) < 1e-12);
}
