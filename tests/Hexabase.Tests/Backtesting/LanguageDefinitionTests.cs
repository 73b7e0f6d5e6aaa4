using System.Text.Json;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

public sealed class LanguageDefinitionTests
{
    [Theory]
    [InlineData("close > slow", """{"slow": "sma(close, 30)"}""", "close > sma(close, 30)")]
    [InlineData("up and fresh", """{"up": "close > open", "fresh": "not up[1]"}""", "close > open and not (close > open)[1]")]
    [InlineData("close > a", """{"a": "b + 1", "b": "c * 2", "c": "high - low"}""", "close > (high - low) * 2 + 1")]
    [InlineData("close > c", """{"a": "high - low", "b": "a * 2", "c": "b + 1"}""", "close > (high - low) * 2 + 1")]
    [InlineData("close > sma(close, n)", """{"n": "10 + 5"}""", "close > sma(close, 15)")]
    [InlineData("close > d * 2", """{"d": "high - low"}""", "close > (high - low) * 2")]
    public void A_definition_stands_for_its_expression(string expression, string definitions, string same) =>
        Assert.Equal(Documents.Strategy(same).Plan.Steps, Strategy(expression, definitions).Plan.Steps);

    [Fact]
    public void Every_expression_of_the_document_may_use_it()
    {
        var strategy = Documents.Strategy("close > range", "close < range", """
            {"let": {"range": "sma(high - low, 14)"}, "exit": {"long": "range > 1"}, "stop_loss": {"type": "price_offset", "value": "range * 2"},
             "take_profit": {"type": "price_offset", "value": "range * 3"}}
            """);
        Assert.Equal(14, strategy.FirstDecisionBar);
    }

    [Fact]
    public void A_definition_may_use_parameters() => Assert.Equal(
        20,
        Documents.Strategy(
            "close > slow", null,
            """{"parameters": {"n": {"default": 10, "min": 1, "max": 99}}, "let": {"slow": "sma(close, n * 2)"}}""").FirstDecisionBar);

    [Fact]
    public void What_no_rule_uses_is_not_computed_and_not_waited_for()
    {
        var strategy = Strategy("close > open", """{"unused": "sma(close, 500)"}""");
        Assert.Equal(Documents.Strategy("close > open").Plan.Steps, strategy.Plan.Steps);
        Assert.Equal(1, strategy.FirstDecisionBar);
    }

    [Theory]
    [InlineData("""{"a": "sma(close)"}""", "let.a col 1: sma takes (series, period)")]
    [InlineData("""{"a": "close +"}""", "let.a col 8: expected a number, a name or \"(\", found the end")]
    [InlineData("""{"a": "a + 1"}""", "let.a col 1: goes round in a circle: a → a")]
    [InlineData("""{"a": "1 + b", "b": "c * 2", "c": "a"}""", "let.a col 5: goes round in a circle: b → c → a → b")]
    [InlineData("""{"a": 1}""", "let.a: expected a text")]
    [InlineData("""{"close": "1"}""", "let.close: \"close\" means something else in expressions")]
    [InlineData("""{"bars_since": "1"}""", "let.bars_since: \"bars_since\" means something else in expressions")]
    [InlineData("""{"A": "1"}""", "let.A: a name has 1 to 32 lower-case letters, digits and \"_\", and begins with no digit")]
    [InlineData("""{"fast": "1"}""", "let.fast: \"fast\" is a parameter already")]
    [InlineData("""{"a": "1", "a": "2"}""", "let.a: is there twice")]
    [InlineData("[]", "let: expected an object")]
    public void A_definition_must_be_right_also_when_nothing_uses_it(string definitions, string error) => Assert.Equal(
        [error],
        StrategyDefinition.Parse(JsonSerializer.Deserialize<JsonElement>($$"""
            {"schema": "hexabase.strategy/v1", "name": "test", "pair": "EURUSD", "timeframe": "H1", "entry": {"long": "close > fast"},
             "parameters": {"fast": {"default": 1, "min": 1, "max": 1} }, "let": {{definitions}} }
            """)).Errors.Select(error => error.ToString()));

    [Theory]
    [InlineData("""{"a": "sma(close)", "b": "a + a"}""", "let.a col 1: sma takes (series, period)")]
    [InlineData("""{"a": "close +", "b": "a + a"}""", "let.a col 8: expected a number, a name or \"(\", found the end")]
    [InlineData("""{"a": 7, "b": "a + a"}""", "let.a: expected a text")]
    [InlineData("""{"a": "b", "b": "a"}""", "let.a col 1: goes round in a circle: b → a → b")]
    public void A_wrong_definition_is_told_once_however_often_it_is_used(string definitions, string error) => Assert.Equal(
        [error], Documents.Errors(Documents.Of("a > 1 and b > 1", "a < 1", $$"""{"let": {{definitions}} }""")));

    [Theory]
    [InlineData("a", "entry.long col 1: expected a condition, as in close > sma(close, 20), found a number")]
    [InlineData("up > 1", "entry.long col 1: expected a number, found a condition")]
    [InlineData("upp", "entry.long col 1: unknown name \"upp\"; did you mean up?")]
    [InlineData("a(1) > 1", "entry.long col 1: a is not a function; its value of one bar ago is a[1]")]
    [InlineData("n(1) > 1", "entry.long col 1: n is a parameter, not a function")]
    public void A_wrong_use_is_told_where_it_is(string expression, string error) => Assert.Equal(
        [error],
        Documents.Errors(Documents.Of(
            expression, null,
            """{"let": {"a": "high - low", "up": "close > open"}, "parameters": {"n": {"default": 1, "min": 1, "max": 1}}}""")));

    [Fact]
    public void Definitions_that_double_each_other_stay_small()
    {
        var definitions = Enumerable.Range(1, 31).ToDictionary(i => $"d{i}", i => $"d{i - 1} + d{i - 1}", StringComparer.Ordinal);
        definitions["d0"] = "close";
        Assert.Equal(34, Strategy("d31 > 1", JsonSerializer.Serialize(definitions)).Plan.Steps.Count);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Definitions_are_at_most_32(int count, bool accepted)
    {
        var definitions = Enumerable.Range(1, count).ToDictionary(i => $"d{i}", _ => "close", StringComparer.Ordinal);
        var errors = Documents.Errors(Documents.Of("d1 > 1", null, $$"""{"let": {{JsonSerializer.Serialize(definitions)}} }"""));
        Assert.Equal(accepted ? [] : ["let: expected at most 32"], errors);
    }

    private static StrategyDefinition Strategy(string expression, string definitions) =>
        Documents.Strategy(expression, null, $$"""{"let": {{definitions}} }""");
}
