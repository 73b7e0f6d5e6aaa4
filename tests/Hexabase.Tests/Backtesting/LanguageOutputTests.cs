namespace Hexabase.Tests.Backtesting;

public sealed class LanguageOutputTests
{
    [Theory]
    [InlineData("macd(close, 3, 5, 2) * 1", "macd(close, 3, 5, 2).line * 1")]
    [InlineData("macd(close, 3, 5, 2)[1]", "macd(close, 3, 5, 2).line[1]")]
    [InlineData("sma(macd(close, 3, 5, 2), 4)", "sma(macd(close, 3, 5, 2).line, 4)")]
    [InlineData("(bollinger(close, 4, 2)).upper", "bollinger(close, 4, 2).upper")]
    public void A_result_is_taken_by_name_and_the_main_one_also_without(string expression, string same)
    {
        var candles = Documents.Closes([.. Enumerable.Range(0, 60).Select(i => 1 + (i * i % 17 / 10.0))]);
        Assert.Equal(Expressions.Numbers(same, candles), Expressions.Numbers(expression, candles));
    }

    [Fact]
    public void Only_the_results_asked_for_are_computed() => Assert.True(
        Documents.Strategy("bollinger(close, 20, 2).middle > 1").Plan.Steps.Count
            < Documents.Strategy("bollinger(close, 20, 2).upper > 1").Plan.Steps.Count);

    [Theory]
    [InlineData("bollinger(close, 20, 2) > 1", "entry.long col 1: bollinger has upper, middle, lower: write bollinger(...).upper")]
    [InlineData("bollinger(close, 20, 2)[1] > 1", "entry.long col 1: bollinger has upper, middle, lower: write bollinger(...).upper")]
    [InlineData("bands > 1", "entry.long col 1: bands has upper, middle, lower: write bands.upper")]
    [InlineData("bands.uper > 1", "entry.long col 7: bands has upper, middle, lower; did you mean upper?")]
    [InlineData("macd(close, 12, 26, 9).slope > 1", "entry.long col 24: macd has line, signal, histogram")]
    [InlineData(
        "macd(close, 12, 26, 9)[1].signal > 1",
        "entry.long col 27: \".signal\" goes right behind a function with several results, as in macd(close, 12, 26, 9).signal")]
    [InlineData(
        "macd(close, 12, 26, 9) and close > 1", "entry.long col 1: expected a condition, as in close > sma(close, 20), found a number")]
    public void An_error_lists_the_results(string expression, string error) => Assert.Equal(
        [error], Documents.Errors(Documents.Of(expression, null, """{"let": {"bands": "bollinger(close, 20, 2)"}}""")));

    [Fact]
    public void A_definition_can_have_several_results() => Assert.Equal(
        Documents.Strategy("close > bollinger(close, 20, 2).upper").Plan.Steps,
        Documents.Strategy("close > bands.upper", null, """{"let": {"bands": "bollinger(close, 20, 2)"}}""").Plan.Steps);
}
