namespace Hexabase.Tests.Backtesting;

/// <summary>Every column of the reference table, computed by TA-Lib 0.6.4 from the same candles.</summary>
public sealed class IndicatorReferenceTests
{
    [ReferenceTheory]
    [InlineData("sma_10", "sma(close, 10)")]
    [InlineData("sma_20", "sma(close, 20)")]
    [InlineData("sma_30", "sma(close, 30)")]
    [InlineData("ema_10", "ema(close, 10)")]
    [InlineData("ema_20", "ema(close, 20)")]
    [InlineData("ema_30", "ema(close, 30)")]
    [InlineData("wma_20", "wma(close, 20)")]
    [InlineData("rsi_14", "rsi(close, 14)")]
    [InlineData("macd_12_26", "macd(close, 12, 26, 9)", "line")]
    [InlineData("macd_signal_9", "macd(close, 12, 26, 9)", "signal")]
    [InlineData("macd_hist", "macd(close, 12, 26, 9)", "histogram")]
    [InlineData("bb_upper_20_2", "bollinger(close, 20, 2)", "upper")]
    [InlineData("bb_middle_20", "bollinger(close, 20, 2)", "middle")]
    [InlineData("bb_lower_20_2", "bollinger(close, 20, 2)", "lower")]
    [InlineData("true_range", "true_range()")]
    [InlineData("atr_14", "atr(14)")]
    [InlineData("stoch_k_14_3", "stochastic(14, 3, 3)", "k")]
    [InlineData("stoch_d_3", "stochastic(14, 3, 3)", "d")]
    [InlineData("stochf_k_14", "stochastic(14, 1, 3)", "k")]
    [InlineData("stochf_d_3", "stochastic(14, 1, 3)", "d")]
    [InlineData("plus_di_14", "adx(14)", "plus_di")]
    [InlineData("minus_di_14", "adx(14)", "minus_di")]
    [InlineData("adx_14", "adx(14)", "adx")]
    [InlineData("cci_20", "cci(20)")]
    [InlineData("willr_14", "williams_r(14)")]
    [InlineData("roc_10", "roc(close, 10)")]
    [InlineData("donchian_upper_20", "donchian(20)", "upper")]
    [InlineData("donchian_lower_20", "donchian(20)", "lower")]
    public void Values_are_those_of_TA_Lib_and_begin_at_the_same_bar(string column, string call, string? output = null) =>
        Compare(column, call, output, tolerance: 1e-9);

    [ReferenceFact] // Mean of squares minus square of the mean, as TA-Lib has it, loses digits: up to 2e-8 of the deviation.
    public void The_deviation_is_that_of_TA_Lib_up_to_its_own_rounding() =>
        Compare("stddev_20", "stdev(close, 20)", output: null, tolerance: 3e-8);

    private static void Compare(string column, string call, string? output, double tolerance)
    {
        var expected = ReferenceData.Indicator(column);
        var actual = IndicatorColumns.Of(ReferenceData.Candles("eurusd_h1"), call, output);

        Assert.Equal(IndicatorColumns.FirstDefined(call, output), Array.FindIndex(expected, double.IsFinite));
        for (var i = 0; i < expected.Length; i++)
        {
            var isNear = double.IsNaN(expected[i])
                ? double.IsNaN(actual[i])
                : Math.Abs(actual[i] - expected[i]) <= tolerance * Math.Abs(expected[i]);
            Assert.True(isNear, FormattableString.Invariant($"bar {i}: expected {expected[i]:R}, got {actual[i]:R}"));
        }
    }
}
