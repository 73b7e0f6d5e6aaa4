using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

/// <summary>Random candles and periods: every value is that of the definition, computed bar by bar in the plainest way.</summary>
public sealed class IndicatorDefinitionTests
{
    private const double Tolerance = 1e-9;

    /// <summary>Stands for a value that is not compared.</summary>
    private const double Flat = double.PositiveInfinity;

    [Fact]
    public void Averages_and_extremes_of_a_window() => ForAll((candles, n) =>
    {
        var close = candles.Close.ToArray();
        return AreNear(candles, $"sma(close, {n})", Windows(close, n, window => window.Average()))
            && AreNear(candles, $"wma(close, {n})", Windows(close, n, Weighted))
            && AreNear(candles, $"highest(close, {n})", Windows(close, n, window => window.Max()))
            && AreNear(candles, $"lowest(close, {n})", Windows(close, n, window => window.Min()));
    });

    [Fact]
    public void The_deviation_is_that_of_the_two_pass_formula() => ForAll((candles, n) =>
        AreNear(candles, $"stdev(close, {n})", Windows(candles.Close.ToArray(), n, window =>
        {
            var mean = window.Average();
            return Math.Sqrt(window.Average(x => (x - mean) * (x - mean)));
        })));

    [Fact] // Where a window's prices differ by rounding alone, the plain formula divides rounding by rounding.
    public void The_commodity_channel_index() => ForAll((candles, n) => AreNear(
        candles,
        $"cci({n})",
        Windows(Typical(candles), n, window =>
        {
            var mean = window.Average();
            var deviation = window.Average(x => Math.Abs(x - mean));
            return window.Max() - window.Min() < 1e-12 ? Flat : (window[^1] - mean) / (0.015 * deviation);
        }),
        isSame: (expected, actual) => expected == Flat || Math.Abs(actual - expected) < 1e-8));

    [Fact]
    public void Momentum() => ForAll((candles, n) =>
    {
        var close = candles.Close.ToArray();
        return AreNear(candles, $"momentum(close, {n})", Bars(candles, i => i < n ? double.NaN : close[i] - close[i - n]));
    });

    [Fact]
    public void On_balance_volume() => ForAll((candles, _) =>
    {
        var (close, volume) = (candles.Close.ToArray(), candles.Volume.ToArray());
        return AreNear(candles, "obv()", Bars(candles, i => volume[0] + Enumerable.Range(1, i).Sum(k =>
            close[k] > close[k - 1] ? volume[k] : close[k] < close[k - 1] ? -volume[k] : 0)));
    });

    [Fact]
    public void Volume_weighted_average_price() => ForAll((candles, _) =>
    {
        var (time, volume, price) = (candles.Time.ToArray(), candles.Volume.ToArray(), Typical(candles));
        return AreNear(candles, "vwap()", Bars(candles, i =>
        {
            var today = Enumerable.Range(0, i + 1).Where(k => time[k] / 86_400 == time[i] / 86_400).ToArray();
            return today.Sum(k => price[k] * volume[k]) / today.Sum(k => volume[k]);
        }));
    });

    [Fact]
    public void Keltner_channel() => ForAll((candles, n) =>
    {
        var (middle, range) = (Exponential(candles.Close.ToArray(), n), AverageTrueRange(candles, 7));
        return AreNear(candles, $"keltner({n}, 7, 1.5)", Bars(candles, i => middle[i] + (1.5 * range[i])), "upper")
            && AreNear(candles, $"keltner({n}, 7, 1.5)", middle, "middle")
            && AreNear(candles, $"keltner({n}, 7, 1.5)", Bars(candles, i => middle[i] - (1.5 * range[i])), "lower");
    });

    [Fact]
    public void Ichimoku_cloud() => ForAll((candles, n) =>
    {
        var call = $"ichimoku({n}, {n + 3}, {2 * n})";
        double[] conversion = Middle(candles, n), center = Middle(candles, n + 3), span = Middle(candles, 2 * n);
        double Ago(int i, Func<int, double> value) => i < n + 3 ? double.NaN : value(i - n - 3);
        return AreNear(candles, call, conversion, "conversion")
            && AreNear(candles, call, center, "base")
            && AreNear(candles, call, Bars(candles, i => Ago(i, k => (conversion[k] + center[k]) / 2)), "span_a")
            && AreNear(candles, call, Bars(candles, i => Ago(i, k => span[k])), "span_b");
    });

    [Fact]
    public void Supertrend() => ForAll((candles, n) =>
    {
        var (line, direction) = NaiveSupertrend.Of(candles, AverageTrueRange(candles, n), 1.5);
        return AreNear(candles, $"supertrend({n}, 1.5)", line, "line") && AreNear(candles, $"supertrend({n}, 1.5)", direction, "direction");
    });

    [Fact]
    public void Parabolic_stop_and_reverse() => ForAll((candles, n) =>
    {
        var (stop, direction) = NaiveParabolicSar.Of(candles, n / 100.0, 0.2);
        var call = FormattableString.Invariant($"parabolic_sar({n / 100.0}, 0.2)");
        return AreNear(candles, call, stop, "sar") && AreNear(candles, call, direction, "direction");
    });

    private static void ForAll(Func<Candles, int, bool> holds) => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(),
        Gen.Choose(0, 300).ToArbitrary(),
        Gen.Choose(1, 40).ToArbitrary(),
        (seed, count, period) => holds(IndicatorCandles.Random(seed, count), period)).QuickCheckThrowOnFailure();

    private static bool AreNear(
        Candles candles, string call, double[] expected, string? output = null, Func<double, double, bool>? isSame = null)
    {
        isSame ??= (want, value) => Math.Abs(value - want) <= Tolerance * Math.Max(1e-3, Math.Abs(want));
        return expected.Zip(IndicatorColumns.Of(candles, call, output))
            .All(pair => double.IsNaN(pair.Second) ? double.IsNaN(pair.First) : isSame(pair.First, pair.Second));
    }

    private static double[] Bars(Candles candles, Func<int, double> value) => [.. Enumerable.Range(0, candles.Count).Select(value)];

    private static double[] Windows(double[] series, int n, Func<double[], double> value) =>
        [.. Enumerable.Range(0, series.Length).Select(i => i < n - 1 ? double.NaN : value(series[(i - n + 1)..(i + 1)]))];

    private static double Weighted(double[] window)
    {
        var weights = Enumerable.Range(1, window.Length).ToArray();
        return window.Zip(weights, (x, weight) => x * weight).Sum() / weights.Sum();
    }

    private static double[] Typical(Candles candles)
    {
        var (high, low, close) = (candles.High.ToArray(), candles.Low.ToArray(), candles.Close.ToArray());
        return Bars(candles, i => (high[i] + low[i] + close[i]) / 3);
    }

    private static double[] Middle(Candles candles, int n)
    {
        var highest = Windows(candles.High.ToArray(), n, window => window.Max());
        var lowest = Windows(candles.Low.ToArray(), n, window => window.Min());
        return Bars(candles, i => (highest[i] + lowest[i]) / 2);
    }

    private static double[] Exponential(double[] series, int n)
    {
        var average = double.NaN;
        return [.. series.Select((x, i) =>
            average = i == n - 1 ? series[..n].Average() : i < n ? double.NaN : (2 * x / (n + 1)) + (average * (n - 1) / (n + 1)))];
    }

    private static double[] AverageTrueRange(Candles candles, int n)
    {
        var (high, low, close) = (candles.High.ToArray(), candles.Low.ToArray(), candles.Close.ToArray());
        double TrueRange(int i) => Math.Max(high[i], close[i - 1]) - Math.Min(low[i], close[i - 1]);
        var average = double.NaN;
        return Bars(candles, i => average =
            i < n ? double.NaN : i == n ? Enumerable.Range(1, n).Average(TrueRange) : ((average * (n - 1)) + TrueRange(i)) / n);
    }
}
