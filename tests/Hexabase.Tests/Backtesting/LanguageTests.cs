using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Tests.Backtesting;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("sma(close)", "col 1: sma takes (series, period)")]
    [InlineData("close > 1 and sma(10, close) > 1", "col 15: sma takes (series, period)")]
    [InlineData("sma(close > 1, 3) > 1", "col 1: sma takes (series, period)")]
    [InlineData("ema > 1", "col 1: ema takes (series, period)")]
    [InlineData("cross_above(close)", "col 1: cross_above takes (series, series or number)")]
    [InlineData("close", "col 1: expected a condition, as in close > sma(close, 20), found a number")]
    [InlineData("close + 1 and close > 1", "col 7: expected a condition, as in close > sma(close, 20), found a number")]
    [InlineData("(close > 1) + 1 > 2", "col 8: expected a number, found a condition")]
    [InlineData("sma(close, 0) > 1", "col 12: the period of sma must be a whole number from 1 to 10000, not 0")]
    [InlineData("rsi(close, 10001) > 1", "col 12: the period of rsi must be a whole number from 1 to 10000, not 10001")]
    [InlineData("ema(close, 2.5) > 1", "col 12: the period of ema must be a whole number from 1 to 10000, not 2.5")]
    [InlineData("ema(close, close) > 1", "col 12: the period of ema must be a number or parameter, the same at every bar")]
    [InlineData("closed > 1", "col 1: unknown name \"closed\"; did you mean close?")]
    [InlineData("CLOSE > 1", "col 1: unknown name \"CLOSE\"; did you mean close?")]
    [InlineData("sam > 1", "col 1: unknown name \"sam\"; did you mean sma?")]
    [InlineData(
        "turnover > 1",
        "col 1: unknown name \"turnover\"; known are open, high, low, close, volume, hl2, hlc3, ohlc4, hour, minute, weekday " +
            "and what stands under parameters and let")]
    [InlineData("close(1) > 1", "col 1: close is not a function; its value of one bar ago is close[1]")]
    [InlineData("smaa(close, 5) > 1", "col 1: unknown function \"smaa\"; did you mean sma?")]
    [InlineData("atr(close, 5) > 1", "col 1: atr takes (period)")]
    [InlineData("1 < close < 2", "col 11: comparisons do not chain; join them with \"and\"")]
    [InlineData("close > 1 close", "col 11: expected an operator or the end, found \"close\"")]
    [InlineData("close > ", "col 9: expected a number, a name or \"(\", found the end")]
    [InlineData("(close > 1", "col 11: expected \")\", found the end")]
    [InlineData("close = 1", "col 7: a lone \"=\"; compare with \"==\"")]
    [InlineData("close > 1 && close < 2", "col 11: unknown character \"&\"; write \"and\"")]
    [InlineData("close > 1.2.3", "col 9: \"1.2.3\" is not a number")]
    [InlineData("close > 1 / 0", "col 11: this is no finite number")]
    [InlineData("close \u0000", "col 7: unknown character U+0000")]
    [InlineData("", "col 1: expected a number, a name or \"(\", found the end")]
    public void An_error_tells_its_column(string expression, string error) =>
        Assert.Equal([$"entry.long {error}"], Documents.Errors(Documents.Of(expression)));

    [Theory] // On bars 0 … 3 the closes are 1, 2, 3, 2; looked at from the first decision bar on.
    [InlineData("close > 2", "2")]
    [InlineData("close >= 2", "1 2 3")]
    [InlineData("close < 2.5 and not close == 2 or close > 2.9", "2")]
    [InlineData("close != 3", "1 3")]
    [InlineData("not (close > 2 or close < 2)", "1 3")]
    [InlineData("-close < -2", "2")]
    [InlineData("--close > 2", "2")]
    [InlineData("2 * close - 1 > 8 / 2", "2")]
    [InlineData("close / 2 - 0.5 - 0.5 == 0", "1 3")]
    [InlineData("2 < close", "2")]
    [InlineData("1 < 2", "1 2 3")]
    [InlineData("close > half + half", "2")]
    [InlineData("cross_above(close, 1.5)", "1")]
    [InlineData("cross_above(close, 2)", "2")]
    [InlineData("cross_below(close, 2.5)", "3")]
    [InlineData("cross_below(2.5, close)", "2")]
    [InlineData("cross_above(close, sma(close, 2))", "")]
    [InlineData("close < sma(close, 2)", "3")]
    [InlineData("close / (close - 2) > 0", "2")]
    [InlineData("not close / (close - 2) > 0", "1 3")]
    [InlineData("close / (close - 2) == close / (close - 2)", "2")]
    public void An_expression_is_true_on_the_bars_where_its_words_say_so(string expression, string bars)
    {
        var strategy = Documents.Strategy(expression, null, """{"parameters": {"half": {"default": 1, "min": 0, "max": 9}}}""");
        using var columns = Columns.Evaluate(strategy.Plan, Documents.Closes(1, 2, 3, 2), CancellationToken.None);
        var trueAt = Enumerable.Range(strategy.FirstDecisionBar, 4 - strategy.FirstDecisionBar)
            .Where(bar => Bits.IsSet(columns.Condition(strategy.Rules.EnterLong!.Value), bar));
        Assert.Equal(bars, string.Join(' ', trueAt));
    }

    [Theory]
    [InlineData("close > open", 1)]
    [InlineData("sma(close, 10) > sma(close, 30)", 30)]
    [InlineData("rsi(close, 14) > 50", 15)]
    [InlineData("ema(sma(close, 10), 5) > close", 14)]
    [InlineData("rsi(ema(close, 3) - ema(close, 7), 4) > 50", 11)]
    public void Deciding_begins_one_bar_after_every_indicator_is_defined(string expression, int bar) =>
        Assert.Equal(bar, Documents.Strategy(expression).FirstDecisionBar);

    [Fact]
    public void The_indicators_of_stop_and_target_count_for_the_warm_up() => Assert.Equal(
        40,
        Documents.Strategy(
            "close > open", null, """{"stop_loss": {"type": "price_offset", "value": "sma(high - low, 40)"}}""").FirstDecisionBar);

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Nesting_is_bounded(int depth, bool accepted) =>
        Assert.Equal(accepted, Documents.Errors(Documents.Of(new string('(', depth) + "close > 1" + new string(')', depth))).Count == 0);

    [Fact]
    public void Signs_and_nots_count_as_nesting()
    {
        Assert.NotEmpty(Documents.Errors(Documents.Of("close > " + new string('-', 1_000) + "1")));
        Assert.NotEmpty(Documents.Errors(Documents.Of(string.Concat(Enumerable.Repeat("not ", 400)) + "close > 1")));
    }

    [Theory]
    [InlineData(498, true)]
    [InlineData(502, false)]
    public void The_nodes_of_all_expressions_together_are_bounded(int nodes, bool accepted)
    {
        // "a > 1" has three nodes, each "+a" two.
        string Expression(int count) => "open" + string.Concat(Enumerable.Repeat("+low", (count - 3) / 2)) + ">1";
        var errors = Documents.Errors(Documents.Of(Expression(nodes / 2 | 1), Expression((nodes / 2) - 1 | 1)));
        Assert.Equal(accepted, errors.Count == 0);
    }

    [Fact]
    public void The_length_of_an_expression_is_bounded() => Assert.Equal(
        ["entry.long col 2001: an expression has at most 2000 characters"],
        Documents.Errors(Documents.Of("close > 1" + new string(' ', 1_992))));
}
