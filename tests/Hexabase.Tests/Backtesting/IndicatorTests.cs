using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Indicators;

namespace Hexabase.Tests.Backtesting;

public sealed class IndicatorTests
{
    public static TheoryData<Indicator> All() => [new Sma(1), new Wma(3), new Stdev(3), new Cci(3), new Highest(3), new Sma(3), new Sma(2_000), new Ema(1), new Ema(5), new Rsi(1), new Rsi(4)];

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
