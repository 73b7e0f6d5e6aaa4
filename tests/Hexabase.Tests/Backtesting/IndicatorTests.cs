using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Indicators;

namespace Hexabase.Tests.Backtesting;

public sealed class IndicatorTests
{
    public static TheoryData<string, Indicator> Columns() => new()
    {
        { "sma_10", new Sma(10) }, { "sma_20", new Sma(20) }, { "sma_30", new Sma(30) },
        { "ema_10", new Ema(10) }, { "ema_20", new Ema(20) }, { "ema_30", new Ema(30) },
        { "rsi_14", new Rsi(14) },
    };

    [ReferenceTheory]
    [MemberData(nameof(Columns))]
    public void Values_are_those_of_TA_Lib_and_begin_at_the_same_bar(string column, Indicator indicator)
    {
        var expected = ReferenceData.Indicator(column);
        var actual = Compute(indicator, ReferenceData.Candles("eurusd_h1").Close.ToArray());

        Assert.Equal(indicator.WarmUp, Array.FindIndex(expected, double.IsFinite));
        for (var i = 0; i < expected.Length; i++)
        {
            var isNear = double.IsNaN(expected[i])
                ? double.IsNaN(actual[i])
                : Math.Abs(actual[i] - expected[i]) <= 1e-9 * Math.Abs(expected[i]);
            Assert.True(isNear, FormattableString.Invariant($"bar {i}: expected {expected[i]:R}, got {actual[i]:R}"));
        }
    }

    public static TheoryData<Indicator> All() => [new Sma(1), new Sma(3), new Sma(2_000), new Ema(1), new Ema(5), new Rsi(1), new Rsi(4)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_value_depends_on_no_later_bar(Indicator indicator)
    {
        var closes = Prices(3_000);
        var whole = Compute(indicator, closes);
        foreach (var length in (int[])[1, 2, 1_025, 2_000, 2_999])
            Assert.Equal(whole[..length], Compute(indicator, closes[..length]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_undefined_bar_is_undefined_and_no_more_than_the_period_after_it(Indicator indicator)
    {
        var closes = Prices(9_000);
        closes[5_000] = double.PositiveInfinity;
        closes[5_001] = double.NaN;
        var values = Compute(indicator, closes);

        Assert.True(double.IsNaN(values[5_000]) && double.IsNaN(values[5_001]));
        Assert.All(values[(5_002 + indicator.WarmUp)..], value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void A_long_running_average_does_not_drift_from_the_plain_mean()
    {
        var closes = Prices(200_000);
        var values = Compute(new Sma(30), closes);
        Assert.Equal(closes[^30..].Sum() / 30, values[^1], 1e-13);
    }

    [Fact]
    public void Rsi_is_zero_while_nothing_moves() => Assert.Equal(0, Compute(new Rsi(3), [5, 5, 5, 5, 5])[^1]);

    [Fact]
    public void An_average_lies_between_the_extremes_of_what_it_has_seen() => Prop.ForAll(
        ArbMap.Default.ArbFor<NormalFloat[]>(),
        ArbMap.Default.ArbFor<PositiveInt>(),
        (numbers, period) =>
        {
            double[] values = [.. numbers.Select(number => Math.Clamp(number.Get, -1e9, 1e9))];
            foreach (Indicator indicator in (Indicator[])[new Sma(period.Get), new Ema(period.Get)])
            {
                var averages = Compute(indicator, values).Where(double.IsFinite);
                if (averages.Any(average => average < values.Min() - 1e-3 || average > values.Max() + 1e-3))
                    return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    private static double[] Compute(Indicator indicator, double[] input)
    {
        var result = new double[input.Length];
        indicator.Compute(new InputSeries(input), result);
        return result;
    }

    private static double[] Prices(int count)
    {
        var random = new Random(20_170_419);
        double price = 1.1;
        return [.. Enumerable.Range(0, count).Select(_ => price *= 1 + ((random.NextDouble() - 0.5) / 500))];
    }
}
