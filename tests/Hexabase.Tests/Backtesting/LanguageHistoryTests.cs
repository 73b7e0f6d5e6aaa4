using Hexabase.Backtesting.Prices;

namespace Hexabase.Tests.Backtesting;

public sealed class LanguageHistoryTests
{
    private static readonly Candles Candles = Documents.Closes(1, 2, 3, 2, 5);

    [Theory]
    [InlineData("close[0]", "1 2 3 2 5")]
    [InlineData("close[1]", "- 1 2 3 2")]
    [InlineData("close[3]", "- - - 1 2")]
    [InlineData("close[1][2]", "- - - 1 2")]
    [InlineData("close[1 + 1]", "- - 1 2 3")]
    [InlineData("close[9999]", "- - - - -")]
    [InlineData("-close[1]", "- -1 -2 -3 -2")]
    [InlineData("(close - close[1])[1]", "- - 1 1 -1")]
    public void History_is_the_number_of_some_bars_ago(string expression, string expected) =>
        Assert.Equal(expected, Expressions.Text(Expressions.Numbers(expression, Candles)));

    [Theory]
    [InlineData("(close > 1)[0]", "1 2 3 4")]
    [InlineData("(close > 1)[1]", "2 3 4")]
    [InlineData("(close > 2)[2]", "4")]
    [InlineData("cross_above(close, 1.5)[1]", "2")]
    [InlineData("(not close > 1)[1]", "1")]
    [InlineData("not (close > 1)[1]", "0 1")]
    [InlineData("(close > 1)[9]", "")]
    public void A_condition_has_a_history_too_and_is_false_before_it(string expression, string bars) =>
        Assert.Equal(bars, Expressions.TrueAt(expression, Candles));

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void A_condition_of_some_bars_ago_is_the_same_as_its_numbers_of_some_bars_ago(int bars)
    {
        var candles = Documents.Closes([.. Enumerable.Range(0, 300).Select(i => 1 + (i * i % 17 / 10.0))]);
        Assert.Equal(Expressions.TrueAt($"close[{bars}] > 2", candles), Expressions.TrueAt($"(close > 2)[{bars}]", candles));
    }

    [Theory]
    [InlineData("close[5] > sma(close, 30)[5]", 35)]
    [InlineData("(close > sma(close, 30))[5]", 35)]
    [InlineData("cross_above(close, sma(close, 30))", 30)]
    [InlineData("cross_above(close, sma(close, 30))[1]", 31)]
    [InlineData("close > close[2][3]", 6)]
    public void History_delays_the_first_decision_by_its_bars(string expression, int bar) =>
        Assert.Equal(bar, Documents.Strategy(expression).FirstDecisionBar);

    [Fact]
    public void A_parameter_can_say_how_far_back() => Assert.Equal(
        8, Documents.Strategy("close > close[n + 2]", null, """{"parameters": {"n": {"default": 5, "min": 0, "max": 9}}}""").FirstDecisionBar);

    [Theory]
    [InlineData("close[-1] > 1", "col 7: how many bars ago must be a whole number from 0 to 10000, not -1; no bar sees those after it")]
    [InlineData("close[10001] > 1", "col 7: how many bars ago must be a whole number from 0 to 10000, not 10001")]
    [InlineData("close[0.5] > 1", "col 7: how many bars ago must be a whole number from 0 to 10000, not 0.5")]
    [InlineData("close[close] > 1", "col 7: how many bars ago must be a number or parameter, the same at every bar")]
    [InlineData("close[close > 1] > 1", "col 13: how many bars ago must be a number or parameter, the same at every bar")]
    [InlineData("3[1] > 1", "col 2: only what changes from bar to bar has a history; this number is always the same")]
    [InlineData("close[] > 1", "col 7: expected a number, a name or \"(\", found \"]\"")]
    [InlineData("close[1 > 1", "col 12: expected \"]\", found the end")]
    [InlineData("close] > 1", "col 6: expected an operator or the end, found \"]\"")]
    [InlineData("close[1].x > 1", "col 10: \".x\" goes right behind a function with several results, as in macd(close, 12, 26, 9).signal")]
    [InlineData("close.x > 1", "col 7: \".x\" goes right behind a function with several results, as in macd(close, 12, 26, 9).signal")]
    [InlineData("close. > 1", "col 8: expected the name of a result after the \".\", found \">\"")]
    [InlineData("close > .", "col 9: expected a number, a name or \"(\", found \".\"")]
    public void An_error_says_how_history_is_written(string expression, string error) =>
        Assert.Equal([$"entry.long {error}"], Documents.Errors(Documents.Of(expression)));
}
