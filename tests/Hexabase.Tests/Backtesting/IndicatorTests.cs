using Hexabase.Backtesting.Indicators;

namespace Hexabase.Tests.Backtesting;

/// <summary>What every kernel promises, whatever it computes.</summary>
public sealed class IndicatorTests
{
    private const int Gap = 5_000;

    private static readonly Indicator[] Kernels =
    [
        new Sma(1), new Sma(3), new Sma(2_000), new Wma(1), new Wma(5), new Wma(1_500), new Stdev(1), new Stdev(20), new Stdev(1_500),
        new Highest(1), new Highest(14), new Lowest(1), new Lowest(900), new Cci(1), new Cci(20), new Ema(1), new Ema(5), new Ema(3, 4),
        new WilderAverage(1), new WilderAverage(14), new Rsi(1), new Rsi(4), new Roc(1), new Roc(10), new Shift(3), new Withheld(8),
        new TrueRange(), new RangePosition(RangeEnd.Low), new RangePosition(RangeEnd.High),
        new DirectionalMovement(MovementSide.Up), new DirectionalMovement(MovementSide.Down), new DirectionalIndicator(1),
        new DirectionalIndicator(14), new DirectionalIndex(), new Obv(), new Vwap(), new Supertrend(3, Trend.Line),
        new Supertrend(3, Trend.Direction), new ParabolicSar(0.02, 0.2, Trend.Line), new ParabolicSar(0.02, 0.2, Trend.Direction),
    ];

    public static TheoryData<Indicator> All() => new(Kernels);

    [Fact]
    public void Every_kernel_is_held_to_the_promises()
    {
        var all = typeof(Indicator).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Indicator)) && !type.IsAbstract);
        Assert.Equal(
            all.Select(type => type.Name).Order(StringComparer.Ordinal),
            Kernels.Select(kernel => kernel.GetType().Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_value_depends_on_no_later_bar(Indicator indicator)
    {
        var inputs = Prices(3_000);
        var whole = Compute(indicator, inputs);
        foreach (var length in (int[])[0, 1, 2, 3, 5, 1_025, 2_000, 2_999])
            Assert.Equal(whole[..length], Compute(indicator, [.. inputs.Select(series => series[..length])]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Values_begin_after_the_warm_up_and_go_on(Indicator indicator)
    {
        var values = Compute(indicator, Prices(3_000));
        Assert.All(values[..indicator.WarmUp], value => Assert.True(double.IsNaN(value)));
        Assert.All(values[indicator.WarmUp..], value => Assert.True(double.IsFinite(value)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_warm_up_counts_from_the_first_defined_input(Indicator indicator)
    {
        var inputs = Prices(3_000);
        foreach (var series in inputs)
            series.AsSpan(0, 7).Fill(double.NaN);
        Assert.Equal(7 + indicator.WarmUp, Array.FindIndex(Compute(indicator, inputs), double.IsFinite));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Where_the_inputs_are_undefined_it_is_undefined_too(Indicator indicator)
    {
        var inputs = Prices(Gap + 100);
        foreach (var series in inputs)
            (series[Gap], series[Gap + 1]) = (double.PositiveInfinity, double.NaN);
        var values = Compute(indicator, inputs);

        var delay = (indicator as Shift)?.Bars ?? 0;
        Assert.False(double.IsFinite(values[Gap + delay]));
        Assert.False(double.IsFinite(values[Gap + delay + 1]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void After_undefined_bars_it_takes_up_again_within_the_warm_up(Indicator indicator)
    {
        for (var undefined = 0; undefined < 3; undefined++)
        {
            var inputs = Prices(Gap + 4_000);
            (inputs[undefined][Gap], inputs[undefined][Gap + 1]) = (double.NegativeInfinity, double.NaN);
            Assert.All(Compute(indicator, inputs)[(Gap + 2 + indicator.WarmUp)..], value => Assert.True(double.IsFinite(value)));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Equal_kernels_are_one_step_of_a_plan(Indicator indicator) => Assert.Equal(indicator, indicator with { });

    [Fact]
    public void A_long_running_average_does_not_drift_from_the_plain_mean()
    {
        double[] closes = [.. Prices(200_000)[0]];
        Assert.Equal(closes[^30..].Sum() / 30, Compute(new Sma(30), [closes])[^1], 1e-13);
        Assert.Equal(closes[^30..].Select((x, i) => x * (i + 1)).Sum() / 465, Compute(new Wma(30), [closes])[^1], 1e-12);
    }

    [Fact] // Sums of squares would have lost all digits long before.
    public void The_deviation_of_small_moves_around_a_large_number_keeps_its_digits()
    {
        double[] values = [.. Enumerable.Range(0, 1_000).Select(i => 1e9 + (i % 2))];
        Assert.Equal(0.5, Compute(new Stdev(20), [values])[^1], 1e-12);
    }

    [Fact]
    public void Averages_that_skip_values_begin_together() =>
        Assert.Equal([double.NaN, double.NaN, 2.5, 3.5], Compute(new Ema(2, 1), [[9, 2, 3, 4]]), Nearly);

    private static bool Nearly(double expected, double actual) => expected.Equals(actual) || Math.Abs(expected - actual) < 1e-12;

    private static double[] Compute(Indicator indicator, double[][] inputs)
    {
        var result = new double[inputs[0].Length];
        indicator.Compute(new InputSeries(inputs[0], inputs.ElementAtOrDefault(1), inputs.ElementAtOrDefault(2)), result);
        return result;
    }

    /// <summary>Three series that could be high, low and close.</summary>
    private static double[][] Prices(int count)
    {
        var random = new Random(20_170_419);
        double price = 1.1;
        double[] close = [.. Enumerable.Range(0, count).Select(_ => price *= 1 + ((random.NextDouble() - 0.5) / 500))];
        return [[.. close.Select(x => x + (random.NextDouble() / 500))], [.. close.Select(x => x - (random.NextDouble() / 500))], close];
    }
}
