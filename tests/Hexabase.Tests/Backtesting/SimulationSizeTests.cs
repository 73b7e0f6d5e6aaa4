using Hexabase.Backtesting.Results;

namespace Hexabase.Tests.Backtesting;

/// <summary>How much an entry buys or sells, beyond the reference's units and fractions: docs/engine.md, "Size".</summary>
public sealed class SimulationSizeTests
{
    [Fact]
    public void A_lot_is_a_hundred_thousand_units() => Assert.Equal(
        7_000, Trade("""{"size": {"type": "lots", "value": 0.07}, "account": {"cash": 1000000}}""").Units);

    [Fact] // floor(1000 / 101) = 9
    public void Cash_buys_the_whole_units_it_is_worth_at_the_entry_price_with_spread() => Assert.Equal(
        9, Trade("""{"size": {"type": "cash", "value": 1000}, "costs": {"spread": 0.01}}""").Units);

    [Fact]
    public void Cash_that_buys_no_whole_unit_is_refused_for_margin() => Assert.Equal(
        [new RejectedOrder(4, Rejection.Margin)], Result("""{"size": {"type": "cash", "value": 99}}""").Rejected);

    [Fact] // 2 % of 100,000 = 2,000; the range of the last bars is 4, so 3 × 4 = 12 a unit; floor(2000 / 12) = 166
    public void Risk_buys_what_loses_the_percentage_of_the_equity_in_a_move_of_so_many_ranges() => Assert.Equal(
        166, Trade("""{"size": {"type": "atr_risk", "percent": 2, "period": 2, "multiple": 3}}""").Units);

    [Fact]
    public void Period_and_multiple_of_a_risk_may_be_expressions_of_parameters() => Assert.Equal(
        166, Trade(
            """
            {"parameters": {"n": {"default": 2, "min": 1, "max": 9}, "k": {"default": 1.5, "min": 1, "max": 9}},
             "size": {"type": "atr_risk", "percent": 2, "period": "n", "multiple": "2 * k"}}
            """).Units);

    [Fact] // 1,000 % of the equity would be carried by a leverage of 30 only in part
    public void A_risk_that_the_account_cannot_carry_is_refused_for_margin() => Assert.Equal(
        [new RejectedOrder(4, Rejection.Margin)],
        Result("""{"size": {"type": "atr_risk", "percent": 100, "period": 2, "multiple": 0.1}, "account": {"leverage": 1}}""").Rejected);

    [Fact]
    public void An_undefined_risk_rejects_the_order_when_it_is_placed() => Assert.Equal(
        [new RejectedOrder(3, Rejection.Bracket)],
        Result("""{"size": {"type": "atr_risk", "percent": 1, "period": 2, "multiple": "0 / (high - low)"}}""").Rejected);

    [Fact]
    public void A_strategy_waits_for_the_range_its_size_needs() => Assert.Equal(
        3, Result("""{"size": {"type": "atr_risk", "percent": 2, "period": 2, "multiple": 3}}""").FirstDecisionBar);

    [Theory]
    [InlineData("""{"type": "lots", "value": 0}""", "size.value: expected lots of whole units, at least 0.00001")]
    [InlineData("""{"type": "lots", "value": 0.000015}""", "size.value: expected lots of whole units, at least 0.00001")]
    [InlineData("""{"type": "cash", "value": 0}""", "size.value: expected a number from 1 to 1000000000000")]
    [InlineData("""{"type": "cash"}""", "size.value: is missing")]
    [InlineData(
        """{"type": "atr_risk", "percent": 101, "period": 2, "multiple": 3}""", "size.percent: expected a number from 0.001 to 100")]
    [InlineData("""{"type": "atr_risk", "percent": 1, "period": 2, "multiple": "0"}""", "size.multiple: expected a positive distance")]
    [InlineData(
        """{"type": "atr_risk", "percent": 1, "period": 2.5, "multiple": 3}""",
        "size.period col 1: the period of atr must be a whole number from 1 to 10000, not 2.5")]
    [InlineData("""{"type": "atr_risk", "percent": 1, "multiple": 3}""", "size.period: is missing")]
    [InlineData("""{"type": "atr_risk", "percent": 1, "period": 2}""", "size.multiple: is missing")]
    [InlineData("""{"type": "units"}""", "size.value: is missing")]
    [InlineData("""{"type": "lots"}""", "size.value: is missing")]
    [InlineData("""{"type": "fraction"}""", "size.value: is missing")]
    [InlineData("""{"type": "units", "value": -1}""", "size.value: expected a number from 0 to 1000000000")]
    [InlineData("""{"type": "shares", "count": 1}""", "size.type: expected units, lots, fraction (of buying power), cash or atr_risk")]
    [InlineData("""{"value": 1}""", "size.type: is missing")]
    [InlineData("1000", "size: expected an object")]
    [InlineData("""{"type": "units", "value": 1, "percent": 1}""", "size.percent: is unknown; known here are type, value")]
    public void A_size_that_makes_no_sense_is_refused_with_its_field(string size, string error) =>
        Assert.Equal([error], Documents.Errors(Documents.Of("close > 1", null, $$"""{"size": {{size}}}""")));

    /// <summary>Decides on bar 3 and enters at 100 on bar 4; every bar has a range of 4.</summary>
    private static BacktestResult Result(string more) => Documents.Run(
        Documents.Strategy("high == 102.5", null, more),
        Documents.Bars(
            (100, 102, 98, 100), (100, 102, 98, 100), (100, 102, 98, 100), (100, 102.5, 98.5, 100), (100, 102, 98, 100), (100, 102, 98, 100)));

    private static Trade Trade(string more) => Assert.Single(Result(more).Trades);
}
