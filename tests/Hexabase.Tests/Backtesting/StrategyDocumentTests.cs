using System.Text.Json;
using Hexabase.Backtesting.Json;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

public sealed class StrategyDocumentTests
{
    [Fact]
    public void A_full_document_is_read_as_it_stands()
    {
        var hash = new string('a', 64);
        var strategy = Documents.Strategy("close > fast", "close < fast", $$"""
            {"description": "d", "dataset_hash": "{{hash}}",
             "parameters": {"fast": {"default": 10, "min": 5, "max": 50, "step": 5, "integer": true} },
             "exit": {"long": "close < 1", "short": "close > 1"}, "stop_loss": {"type": "percent", "value": 1.5},
             "take_profit": {"type": "price_offset", "value": "fast / 100"},
             "size": {"type": "fraction", "value": 0.5}, "costs": {"spread": 0.0001, "commission_rate": 0.00002},
             "account": {"cash": 5000, "margin": 0.1}, "end_of_data": "last_open"}
            """);
        Assert.Equal(
            ("test", "d", "EURUSD", "H1", hash),
            (strategy.Name, strategy.Description, strategy.Pair, strategy.Timeframe, strategy.DatasetHash));
        Assert.Equal([new Parameter("fast", 10, 5, 50, 5, Whole: true)], strategy.Parameters);
        Assert.Equal(
            new AccountTerms(
                5_000, 10, new PositionSize(SizeMeasure.Fraction, 0.5),
                new TradingCosts(new Spread(SpreadMeasure.Relative, 0.0001), 0, 0.00002, 0, Swap: null), EndOfData.LastOpen, AccountCurrency.Quote),
            strategy.Account);
    }

    [Fact]
    public void What_is_left_out_has_defaults()
    {
        var strategy = Documents.Strategy("close > 1");
        Assert.Null(strategy.DatasetHash);
        Assert.Equal(
            new AccountTerms(
                100_000, 30, new PositionSize(SizeMeasure.Units, 10_000), TradingCosts.None, EndOfData.LastClose, AccountCurrency.Quote),
            strategy.Account);
    }

    [Theory]
    [InlineData(
        """{"colour": "red"}""",
        "colour: is unknown; known here are account, costs, dataset_hash, description, end_of_data, entry, exit, let, monte_carlo, name, " +
            "pair, parameters, schema, session, size, stop_loss, take_profit, timeframe, trailing_stop")]
    [InlineData("""{"schema": "hexabase.strategy/v2"}""", "schema: expected \"hexabase.strategy/v1\"")]
    [InlineData("""{"name": " "}""", "name: expected 1 to 100 characters")]
    [InlineData("""{"name": 7}""", "name: expected a text")]
    [InlineData("""{"pair": "eurusd"}""", "pair: expected six letters, as in EURUSD")]
    [InlineData("""{"timeframe": "H2"}""", "timeframe: expected one of M1, M5, M15, M30, H1, H4, D1, W1, MN1")]
    [InlineData("""{"dataset_hash": "abc"}""", "dataset_hash: expected 64 lower-case hex digits")]
    [InlineData("""{"entry": {}}""", "entry: expected a condition for long, short or both")]
    [InlineData("""{"entry": {"lon": "close > 1", "long": "close > 1"}}""", "entry.lon: is unknown; known here are long, short")]
    [InlineData("""{"entry": []}""", "entry: expected an object")]
    [InlineData("""{"exit": {"long": true}}""", "exit.long: expected a text")]
    [InlineData("""{"stop_loss": {"type": "percent"}}""", "stop_loss.value: is missing")]
    [InlineData("""{"stop_loss": {"type": "percent", "value": 0}}""", "stop_loss.value: expected a number above 0, at most 1000000")]
    [InlineData("""{"stop_loss": 20}""", "stop_loss: expected an object")]
    [InlineData("""{"costs": {"swap": 1}}""", "costs.swap: expected an object")]
    [InlineData("""{"stop_loss": {"type": "percent", "value": "2 - 2"}}""", "stop_loss.value: expected a positive distance")]
    [InlineData(
        """{"take_profit": {"type": "ticks", "value": 1}}""", "take_profit.type: expected percent (of the close), price_offset or pips")]
    [InlineData(
        """{"take_profit": {"type": "price_offset", "value": "close >"}}""",
        "take_profit.value col 8: expected a number, a name or \"(\", found the end")]
    [InlineData("""{"size": {"type": "units", "value": 0.5}}""", "size.value: expected whole units, at least 1")]
    [InlineData("""{"size": {"type": "fraction", "value": 1}}""", "size.value: expected a fraction between 0 and 1")]
    [InlineData(
        """{"size": {"type": "fraction", "value": 0.5}, "costs": {"commission_fixed": 1}}""",
        "size: a fraction of buying power goes only with costs.commission_fixed 0")]
    [InlineData("""{"costs": {"spread": -1}}""", "costs.spread: expected a number from 0 to 0.1")]
    [InlineData("""{"account": {"cash": 1e400}}""", "account.cash: expected a number from 1 to 1000000000000")]
    [InlineData("""{"account": {"margin": 0.1, "leverage": 10}}""", "account.margin: is 1 / leverage; give one of the two")]
    [InlineData("""{"end_of_data": "never"}""", "end_of_data: expected last_close or last_open")]
    [InlineData(
        """{"parameters": {"close": {"default": 1, "min": 1, "max": 1}}}""",
        "parameters.close: \"close\" means something else in expressions")]
    [InlineData(
        """{"parameters": {"Fast": {"default": 1, "min": 1, "max": 1}}}""",
        "parameters.Fast: a name has 1 to 32 lower-case letters, digits and \"_\", and begins with no digit")]
    [InlineData("""{"parameters": {"n": {"min": 1, "max": 5}}}""", "parameters.n.default: is missing")]
    [InlineData("""{"parameters": {"n": {"default": 9, "min": 1, "max": 5}}}""", "parameters.n: default is not between min and max")]
    [InlineData(
        """{"parameters": {"n": {"default": 1.5, "min": 1, "max": 5, "integer": true}}}""",
        "parameters.n: default, min, max and step of an integer are whole numbers")]
    public void An_error_tells_where_it_is_and_what_is_expected(string more, string error) =>
        Assert.Equal([error], Documents.Errors(Documents.Of("close > 1", null, more)));

    [Fact]
    public void All_errors_come_at_once() => Assert.Equal(
        [
            "pair: expected six letters, as in EURUSD",
            "size.type: expected units, lots, fraction (of buying power), cash or atr_risk",
            "entry.long col 9: expected a number, a name or \"(\", found the end",
        ],
        Documents.Errors(Documents.Of("close > ", null, """{"pair": "", "size": {"type": "pieces", "value": 1}}""")));

    [Theory]
    [InlineData("[]", "expected an object")]
    [InlineData("null", "expected an object")]
    [InlineData("""{"schema": "hexabase.strategy/v1", "schema": "hexabase.strategy/v1"}""", "schema: is there twice")]
    [InlineData("""{"\ud800": 1}""", "a property name is not valid Unicode")]
    [InlineData("""{"name": "\ud800"}""", "name: is not valid Unicode")]
    public void A_document_that_is_no_strategy_at_all_gets_errors(string json, string error) =>
        Assert.Contains(error, Documents.Errors(JsonSerializer.Deserialize<JsonElement>(json)), StringComparer.Ordinal);

    [Fact]
    public void A_document_beyond_64_kilobytes_is_refused_unread() => Assert.Equal(
        ["expected a JSON document of at most 65536 bytes"],
        Documents.Errors(Documents.Of("close > 1", null, $$"""{"description": "{{new string('x', 65_536)}}"}""")));

    [Fact]
    public void A_default_element_is_refused() => Assert.NotEmpty(StrategyDefinition.Parse(default).Errors);

    [Fact]
    public void A_document_without_errors_has_a_code_hash() => Assert.Matches(
        "^[0-9a-f]{64}$", CodeHash.Of(Documents.Of("close > 1", "close < 1", """{"stop_loss": {"type": "percent", "value": 1e2}}""")));
}
