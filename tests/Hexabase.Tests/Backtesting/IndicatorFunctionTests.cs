using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Strategies.Language;

namespace Hexabase.Tests.Backtesting;

/// <summary>What every indicator function of the language promises, on candles.</summary>
public sealed class IndicatorFunctionTests
{
    private static readonly string[] AllCalls =
    [
        "sma(close, 5)", "ema(close, 5)", "wma(close, 5)", "rsi(close, 5)", "roc(close, 5)", "momentum(close, 5)", "stdev(close, 5)",
        "highest(high, 5)", "lowest(low, 5)", "macd(close, 3, 6, 4)", "macd(close, 6, 3, 4)", "bollinger(close, 5, 2)", "true_range()",
        "atr(5)", "cci(5)", "williams_r(5)", "obv()", "vwap()", "stochastic(5, 3, 2)", "adx(5)", "donchian(5)", "keltner(5, 3, 1.5)",
        "ichimoku(3, 5, 8)", "parabolic_sar(0.02, 0.2)", "parabolic_sar(0.5, 0.2)", "supertrend(5, 2)",
        "sma(close, 1)", "ema(close, 1)", "wma(close, 1)", "rsi(close, 1)", "roc(close, 1)", "momentum(close, 1)", "stdev(close, 1)",
        "highest(high, 1)", "lowest(low, 1)", "macd(close, 1, 1, 1)", "bollinger(close, 1, 2)", "atr(1)", "cci(1)", "williams_r(1)",
        "stochastic(1, 1, 1)", "adx(1)", "donchian(1)", "keltner(1, 1, 1)", "ichimoku(1, 1, 1)", "supertrend(1, 1)",
        "macd(close, 10000, 10000, 10000)", "bollinger(close, 10000, 2)", "wma(close, 10000)", "rsi(close, 10000)", "cci(10000)",
        "stochastic(10000, 10000, 10000)", "adx(10000)", "donchian(10000)", "ichimoku(10000, 10000, 10000)", "supertrend(10000, 1)",
    ];

    public static TheoryData<string> Calls() => new(AllCalls);

    [Fact]
    public void Every_function_is_held_to_the_promises() => Assert.Equal(
        IndicatorFunctions.All.Keys.Order(StringComparer.Ordinal),
        AllCalls.Select(call => call.Split('(')[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_value_depends_on_no_later_bar(string call)
    {
        var candles = IndicatorCandles.Random(seed: 1, count: 300);
        foreach (var output in IndicatorColumns.Outputs(call))
        {
            var whole = IndicatorColumns.Of(candles, call, output);
            foreach (var length in (int[])[0, 1, 2, 5, 131, 299])
                Assert.Equal(whole[..length], IndicatorColumns.Of(IndicatorCandles.First(candles, length), call, output));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Values_begin_at_the_bar_from_which_a_strategy_counts_on_them(string call)
    {
        var candles = IndicatorCandles.Random(seed: 2, count: 300);
        foreach (var output in IndicatorColumns.Outputs(call))
        {
            var values = IndicatorColumns.Of(candles, call, output);
            var first = Math.Min(IndicatorColumns.FirstDefined(call, output), candles.Count);
            Assert.All(values[..first], value => Assert.True(double.IsNaN(value)));
            Assert.All(values[first..], value => Assert.True(double.IsFinite(value)));
        }
    }

    [Theory]
    [InlineData("sma(close, 5)", 1.1)]
    [InlineData("ema(close, 5)", 1.1)]
    [InlineData("wma(close, 5)", 1.1)]
    [InlineData("rsi(close, 5)", 0)]
    [InlineData("roc(close, 5)", 0)]
    [InlineData("momentum(close, 5)", 0)]
    [InlineData("stdev(close, 5)", 0)]
    [InlineData("highest(high, 5)", 1.1)]
    [InlineData("lowest(low, 5)", 1.1)]
    [InlineData("macd(close, 3, 6, 4)", 0, "line")]
    [InlineData("macd(close, 3, 6, 4)", 0, "histogram")]
    [InlineData("bollinger(close, 5, 2)", 1.1, "upper")]
    [InlineData("bollinger(close, 5, 2)", 1.1, "lower")]
    [InlineData("true_range()", 0)]
    [InlineData("atr(5)", 0)]
    [InlineData("cci(5)", 0)]
    [InlineData("williams_r(5)", 0)]
    [InlineData("obv()", 7)]
    [InlineData("vwap()", 1.1)]
    [InlineData("stochastic(5, 3, 2)", 0, "k")]
    [InlineData("adx(5)", 0, "adx")]
    [InlineData("adx(5)", 0, "plus_di")]
    [InlineData("donchian(5)", 1.1, "middle")]
    [InlineData("keltner(5, 3, 1.5)", 1.1, "upper")]
    [InlineData("ichimoku(3, 5, 8)", 1.1, "span_b")]
    [InlineData("parabolic_sar(0.02, 0.2)", 1.1, "sar")]
    [InlineData("supertrend(5, 2)", 1.1, "line")]
    [InlineData("supertrend(5, 2)", -1, "direction")]
    public void While_nothing_moves_the_value_is(string call, double value, string? output = null) =>
        Assert.Equal(value, IndicatorColumns.Of(IndicatorCandles.Constant(1.1, 100), call, output)[^1], 1e-14);

    [Theory]
    [InlineData("cci(5)")]
    [InlineData("stdev(close, 5)")]
    public void Rounding_makes_no_move_of_equal_prices(string call) => Prop.ForAll(
        ArbMap.Default.ArbFor<NormalFloat>(),
        price => IndicatorColumns.Of(IndicatorCandles.Constant(1 + Math.Abs(price.Get % 1_000), 40), call)[^1] == 0)
        .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("sma(close, 1)")]
    [InlineData("ema(close, 1)")]
    [InlineData("wma(close, 1)")]
    [InlineData("highest(close, 1)")]
    [InlineData("lowest(close, 1)")]
    public void Over_one_bar_it_is_the_value_itself(string call)
    {
        var candles = IndicatorCandles.Random(seed: 3, count: 2_000);
        Assert.Equal(candles.Close.ToArray(), IndicatorColumns.Of(candles, call), (close, value) => Math.Abs(close - value) <= 1e-15);
    }

    [Theory]
    [InlineData("bollinger(close, 20, 2)", "middle", "sma(close, 20)", null)]
    [InlineData("donchian(20)", "upper", "highest(high, 20)", null)]
    [InlineData("donchian(20)", "lower", "lowest(low, 20)", null)]
    [InlineData("keltner(20, 10, 2)", "middle", "ema(close, 20)", null)]
    [InlineData("ichimoku(9, 26, 52)", "base", "donchian(26)", "middle")]
    [InlineData("macd(close, 12, 26, 9)", null, "macd(close, 12, 26, 9)", "line")]
    [InlineData("stochastic(14, 3, 3)", null, "stochastic(14, 3, 3)", "k")]
    [InlineData("adx(14)", null, "adx(14)", "adx")]
    [InlineData("parabolic_sar(0.02, 0.2)", null, "parabolic_sar(0.02, 0.2)", "sar")]
    [InlineData("supertrend(10, 3)", null, "supertrend(10, 3)", "line")]
    public void Two_ways_to_say_the_same_are_one_step(string call, string? output, string other, string? otherOutput)
    {
        var plan = new PlanBuilder();
        Assert.Equal(IndicatorColumns.Step(plan, call, output), IndicatorColumns.Step(plan, other, otherOutput));
    }

    [Fact]
    public void Only_the_result_that_is_asked_for_enters_the_plan()
    {
        var plan = new PlanBuilder();
        IndicatorColumns.Step(plan, "donchian(20)", "upper");
        Assert.Equal(2, plan.Build().Steps.Count);
    }

    [Theory]
    [InlineData("bollinger(close, 20, 2)")]
    [InlineData("donchian(20)")]
    [InlineData("keltner(20, 10, 2)")]
    [InlineData("ichimoku(9, 26, 52)")]
    public void Bands_and_clouds_stand_for_no_single_result(string call) =>
        Assert.Null(Assert.IsType<BoundOutputs>(Expressions.Bind(call, new PlanBuilder())).Main);

    [Theory]
    [InlineData("bollinger(close, 20)", "col 1: bollinger takes (series, period, width)")]
    [InlineData("bollinger(20, close, 2)", "col 1: bollinger takes (series, period, width)")]
    [InlineData("bollinger(close, 20, 0)", "col 22: the width of bollinger must be above 0, not 0")]
    [InlineData("bollinger(close, 20, -2.5)", "col 22: the width of bollinger must be above 0, not -2.5")]
    [InlineData("bollinger(close, 20, close)", "col 22: the width of bollinger must be a number or parameter, the same at every bar")]
    [InlineData("bollinger(close, 20, 1 > 0)", "col 24: expected a number, found a condition")]
    [InlineData("macd(close, 12, 26, 0)", "col 21: the period of macd must be a whole number from 1 to 10000, not 0")]
    [InlineData("macd(12, 26, 9)", "col 1: macd takes (series, fast, slow, signal)")]
    [InlineData("keltner(20, 10, 0)", "col 17: the multiple of keltner must be above 0, not 0")]
    [InlineData("supertrend(10, open)", "col 16: the multiple of supertrend must be a number or parameter, the same at every bar")]
    [InlineData("parabolic_sar(0, 0.2)", "col 15: the step of parabolic_sar must be above 0, not 0")]
    [InlineData("parabolic_sar(0.02, 0)", "col 21: the maximum of parabolic_sar must be above 0, not 0")]
    [InlineData("stochastic(14, 3)", "col 1: stochastic takes (k_period, k_smoothing, d_period)")]
    [InlineData("atr()", "col 1: atr takes (period)")]
    [InlineData("atr(2.5)", "col 5: the period of atr must be a whole number from 1 to 10000, not 2.5")]
    [InlineData("obv(close)", "col 1: obv takes ()")]
    public void A_wrong_argument_is_told_with_its_column(string call, string error)
    {
        var thrown = Assert.Throws<ExpressionException>(() => Expressions.Bind(call, new PlanBuilder()));
        Assert.Equal(error, $"col {thrown.Column}: {thrown.Message}");
    }
}
