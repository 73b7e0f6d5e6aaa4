using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

/// <summary>Hourly candles on a coarse grid of prices, so that equal prices, flat bars and gaps are common.</summary>
internal static class IndicatorCandles
{
    private const long FirstHour = 1_500_000_000L / 3600 * 3600;
    private const double Tick = 0.001;

    public static Candles Random(int seed, int count)
    {
        var random = new Random(seed);
        var close = 1_000;
        return Of([.. Enumerable.Range(0, count).Select(_ =>
        {
            var open = close + (random.Next(8) == 0 ? random.Next(-9, 10) : 0);
            close = Math.Max(100, open + random.Next(-5, 6));
            int high = Math.Max(open, close) + random.Next(4), low = Math.Min(open, close) - random.Next(4);
            return (open * Tick, high * Tick, low * Tick, close * Tick, (double)random.Next(1, 10));
        })]);
    }

    public static Candles Constant(double price, int count) => Of([.. Enumerable.Repeat((price, price, price, price, 7.0), count)]);

    public static Candles First(Candles candles, int count) => new(
        candles.Time[..count].ToArray(), candles.Open[..count].ToArray(), candles.High[..count].ToArray(), candles.Low[..count].ToArray(),
        candles.Close[..count].ToArray(), candles.Volume[..count].ToArray());

    public static Candles Of(params (double Open, double High, double Low, double Close, double Volume)[] bars) => new(
        [.. Enumerable.Range(0, bars.Length).Select(i => FirstHour + (i * 3600L))],
        [.. bars.Select(bar => bar.Open)], [.. bars.Select(bar => bar.High)], [.. bars.Select(bar => bar.Low)],
        [.. bars.Select(bar => bar.Close)], [.. bars.Select(bar => bar.Volume)]);

    /// <summary>Bars of which only high, low and close matter.</summary>
    public static Candles OfRanges(params (double High, double Low, double Close)[] bars) =>
        Of([.. bars.Select(bar => (bar.Close, bar.High, bar.Low, bar.Close, 1.0))]);
}
