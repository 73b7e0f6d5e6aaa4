using Hexabase.Backtesting.Results;

namespace Hexabase.Tests.Backtesting;

/// <summary>Accounts in another currency than the pair's quote: docs/engine.md, "Account".</summary>
public sealed class SimulationCurrencyTests
{
    [Fact] // 10,000 × (110 − 100) yen, at 110 yen for a dollar
    public void Profit_of_the_quote_currency_is_divided_by_the_price_when_the_account_is_in_the_base_currency()
    {
        var trade = Run("USDJPY", """{"currency": "USD"}""", "{}").Trades[0];
        Assert.Equal(100_000 / 110.0, trade.Pnl, 1e-9);
    }

    [Fact] // 10,000 × (110 − 100) pounds, at 1.25 dollars for a pound
    public void Profit_is_converted_at_the_declared_rate_when_the_account_is_in_a_third_currency() => Assert.Equal(
        125_000, Run("EURGBP", """{"currency": "USD", "quote_rate": 1.25, "cash": 1000000}""", "{}").Trades[0].Pnl, 1e-9);

    [Fact] // at a close of 105: 10,000 × 5 yen at 105 yen for a dollar
    public void Equity_is_marked_in_account_money_at_each_close() => Assert.Equal(
        100_000 + (50_000 / 105.0), Run("USDJPY", """{"currency": "USD"}""", "{}").Equity[2].Equity, 1e-9);

    [Fact] // a unit of the base currency takes one of it
    public void Margin_is_taken_in_account_money()
    {
        const string tenThousandDollars = """{"currency": "USD", "cash": 10000, "leverage": 1}""";
        Assert.Single(Run("USDJPY", tenThousandDollars, "{}").Trades);
        Assert.Equal(
            [new RejectedOrder(2, Rejection.Margin)],
            Run("USDJPY", tenThousandDollars, """{"size": {"type": "units", "value": 10001}}""").Rejected);
    }

    [Theory] // a tenth of 100,000 dollars; one dollar a unit, or 100 yen of 1/128 dollar
    [InlineData("""{"currency": "USD", "leverage": 1}""", "USDJPY", 10_000)]
    [InlineData("""{"currency": "USD", "leverage": 1, "quote_rate": 0.0078125}""", "EURJPY", 12_800)]
    public void A_fraction_is_one_of_the_account_money(string account, string pair, double units) =>
        Assert.Equal(units, Run(pair, account, """{"size": {"type": "fraction", "value": 0.1}}""").Trades[0].Units);

    [Fact] // 7 dollars for 1,000 dollars' worth on each side: units × price × rate / price
    public void Commission_is_in_account_money() => Assert.Equal(
        140, Run("USDJPY", """{"currency": "USD"}""", """{"costs": {"commission_rate": 0.007}}""").Trades[0].Commission, 1e-9);

    [Fact]
    public void The_quote_currency_as_the_account_currency_changes_nothing() => Assert.Equal(
        Run("USDJPY", """{"cash": 10000000}""", "{}").Trades, Run("USDJPY", """{"cash": 10000000, "currency": "JPY"}""", "{}").Trades);

    [Theory]
    [InlineData("""{"currency": "CHF"}""", "account.quote_rate: is missing: CHF for one USD")]
    [InlineData("""{"currency": "USD", "quote_rate": 1}""", "account.quote_rate: is known for USD: EURUSD has it")]
    [InlineData("""{"currency": "EUR", "quote_rate": 1}""", "account.quote_rate: is known for EUR: EURUSD has it")]
    [InlineData("""{"quote_rate": 1}""", "account.quote_rate: is known for USD: EURUSD has it")]
    [InlineData("""{"currency": "dollar"}""", "account.currency: expected three capital letters, as in USD")]
    [InlineData("""{"currency": "CHF", "quote_rate": 0}""", "account.quote_rate: expected a number from 1E-06 to 1000000")]
    public void An_account_currency_that_cannot_be_converted_is_refused_with_its_field(string account, string error) =>
        Assert.Equal([error], Documents.Errors(Documents.Of("close > 1", null, $$"""{"account": {{account}}}""")));

    /// <summary>Long 10,000 from 100 to 110, over a close of 105.</summary>
    private static BacktestResult Run(string pair, string account, string more) => Documents.Run(
        Documents.Strategy("close == 100", null, $$"""{"pair": "{{pair}}", "account": {{account}}, {{more[1..]}}""".Replace(", }", "}", StringComparison.Ordinal)),
        Documents.Bars((99, 99, 99, 99), (100, 100, 100, 100), (100, 105, 100, 105), (110, 110, 110, 110)));
}
