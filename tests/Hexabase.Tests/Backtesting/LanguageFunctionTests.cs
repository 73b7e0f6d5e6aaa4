using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

public sealed class LanguageFunctionTests
{
    private static readonly Candles Candles = Documents.Closes(1, 2, 3, 2, 5);

    [Theory]
    [InlineData("abs(2 - close)", "1 0 1 0 3")]
    [InlineData("min(close, 2)", "1 2 2 2 2")]
    [InlineData("max(close, 6 - close)", "5 4 3 4 5")]
    [InlineData("change(close)", "- 1 1 -1 3")]
    [InlineData("change(close, 3)", "- - - 1 3")]
    [InlineData("bars_since(close == 2)", "- 0 1 0 1")]
    [InlineData("bars_since(close < 2)", "0 1 2 3 4")]
    [InlineData("bars_since(close > 9)", "- - - - -")]
    [InlineData("hl2 + 0", "1 2 3 2 5")]
    public void A_function_is_computed_at_every_bar(string expression, string expected) =>
        Assert.Equal(expected, Expressions.Text(Expressions.Numbers(expression, Candles)));

    [Theory]
    [InlineData("close > abs(-2)", "2 4")]
    [InlineData("close > min(2, 3) and close < max(4, 3)", "2")]
    [InlineData("close > max(min(1, 2), 2)", "2 4")]
    public void Functions_of_constants_are_constants(string expression, string bars) =>
        Assert.Equal(bars, Expressions.TrueAt(expression, Candles));

    [Theory]
    [InlineData("1 / (1 / (close - 2))")]
    [InlineData("min(1 / (close - 2), 1)")]
    [InlineData("max(-1 / (close - 2), 1)")]
    [InlineData("abs(1 / (close - 2))")]
    [InlineData("1 / (close - 2) * 0")]
    [InlineData("change(1 / (close - 2))")]
    public void What_is_calculated_from_the_undefined_is_undefined(string expression)
    {
        var values = Expressions.Numbers(expression, Candles);
        Assert.True(double.IsNaN(values[1]) && double.IsNaN(values[3]), string.Join(' ', values));
    }

    [Fact]
    public void Four_bars_at_a_time_give_the_same_as_one() => Prop.ForAll(
        ArbMap.Default.ArbFor<(double, double)[]>(),
        pairs =>
        {
            var candles = Documents.Bars([.. pairs.Select(pair => (pair.Item1, 0.0, 0.0, pair.Item2))]);
            foreach (var expression in (string[])["open + close", "open - close", "open * close", "open / close", "min(open, close)", "max(open, close)"])
            {
                var together = Expressions.Numbers(expression, candles);
                var apart = pairs.Select(pair => Expressions.Numbers(expression, Documents.Bars((pair.Item1, 0, 0, pair.Item2)))[0]);
                if (!together.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(apart.Select(BitConverter.DoubleToInt64Bits)))
                    return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("open", 2)]
    [InlineData("volume", 7)]
    [InlineData("hl2", 5)]
    [InlineData("hlc3", 5)]
    [InlineData("ohlc4", 4.25)]
    [InlineData("hour", 13)]
    [InlineData("minute", 45)]
    [InlineData("weekday", 3)]
    public void A_candle_has_series_of_its_own(string name, double expected)
    {
        var wednesday = new DateTimeOffset(2017, 4, 19, 13, 45, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal([expected], Expressions.Numbers(name, new Candles([wednesday], [2], [8], [2], [5], [7])));
    }

    [Theory]
    [InlineData("bars_since(close > open) > 3", 1)]
    [InlineData("bars_since(close > sma(close, 20)) > 3", 20)]
    [InlineData("bars_since(cross_above(close, sma(close, 20))) > 3", 20)]
    [InlineData("change(close, 10) > 0", 11)]
    public void Deciding_waits_for_the_numbers_but_not_for_a_condition_to_have_been_true(string expression, int bar) =>
        Assert.Equal(bar, Documents.Strategy(expression).FirstDecisionBar);

    [Theory]
    [InlineData("abs() > 1", "col 1: abs takes (number)")]
    [InlineData("abs(close > 1) > 1", "col 11: expected a number, found a condition")]
    [InlineData("min(close) > 1", "col 1: min takes (number, number)")]
    [InlineData("max(1, 2, 3) > 1", "col 1: max takes (number, number)")]
    [InlineData("max(1, close > 1) > 1", "col 14: expected a number, found a condition")]
    [InlineData("change(3) > 1", "col 1: change takes (series) or (series, period)")]
    [InlineData("change(close, 2, 3) > 1", "col 1: change takes (series) or (series, period)")]
    [InlineData("change(close, 0) > 1", "col 15: the period of change must be a whole number from 1 to 10000, not 0")]
    [InlineData("bars_since() > 1", "col 1: bars_since takes (condition)")]
    [InlineData("bars_since(close) > 1", "col 12: expected a condition, as in close > sma(close, 20), found a number")]
    [InlineData("bars_since(close > 1)", "col 1: expected a condition, as in close > sma(close, 20), found a number")]
    [InlineData("cross_below(close, open > 1)", "col 25: expected a number, found a condition")]
    [InlineData("close > max(1, 1 / 0)", "col 18: this is no finite number")]
    public void An_error_says_what_the_function_takes(string expression, string error) =>
        Assert.Equal([$"entry.long {error}"], Documents.Errors(Documents.Of(expression)));
}
