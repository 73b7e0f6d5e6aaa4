using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;

namespace Hexabase.Tests.Backtesting;

/// <summary>What trading costs, beyond the reference's spread rate and commissions: docs/engine.md, "Costs".</summary>
public sealed class SimulationCostTests
{
    private const string OneUnit = """ "size": {"type": "units", "value": 1} """;

    [Theory] // A pip is 0.01 when the quote is yen, otherwise 0.0001.
    [InlineData("EURUSD", 100.0003)]
    [InlineData("USDJPY", 100.03)]
    public void A_spread_in_pips_is_paid_once_on_entry(string pair, double price)
    {
        var trade = Run($$"""{"pair": "{{pair}}", {{OneUnit}}, "costs": {"spread_pips": 3} }""", 99, 100, 100, 100);
        Assert.Equal((price, 100.0), (trade.EntryPrice, trade.ExitPrice));
    }

    [Fact]
    public void A_spread_from_the_data_is_that_of_the_bar_of_the_fill()
    {
        var candles = new Candles(
            [0, 3_600, 7_200, 10_800], [99, 100, 100, 100], [99, 100, 100, 100], [99, 100, 100, 100], [99, 100, 100, 100], new double[4],
            [0.5, 0.25, 0.125, 0.0625]);
        var strategy = Documents.Strategy(null, "close == 100", $$"""{{{OneUnit}}, "costs": {"spread_from_data": true} }""");
        Assert.Equal(100 - 0.125, Documents.Run(strategy, candles).Trades[0].EntryPrice);
    }

    [Fact]
    public void Asking_for_a_spread_that_the_data_has_not_is_an_error_of_the_author()
    {
        var outcome = Backtest.Run(
            Documents.Strategy("close > 1", null, """{"costs": {"spread_from_data": true}}"""), Documents.Closes(1, 2, 3), 0,
            CancellationToken.None);
        Assert.Equal(new BacktestOutcome.Failed("NO_SPREAD", "costs.spread_from_data: the dataset has no spread column."), outcome);
    }

    [Fact]
    public void Slippage_makes_market_and_stop_fills_worse_by_at_most_its_pips_and_targets_not_at_all() => Prop.ForAll(
        Gen.Choose(0, 1_000).ToArbitrary(), Gen.Elements("long", "short").ToArbitrary(), (seed, side) =>
        {
            var strategy = Documents.Strategy(
                side == "long" ? "close == 100" : null, side == "short" ? "close == 100" : null,
                $$"""
                {{{OneUnit}}, "costs": {"slippage_pips": 100}, "stop_loss": {"type": "price_offset", "value": 5},
                 "take_profit": {"type": "price_offset", "value": 5}, "exit": {"long": "close == 101", "short": "close == 101"} }
                """);
            // Entered three times at 100 and left by a target at 5 away, by a stop at 5 away, and at the open after a close of 101.
            var candles = Documents.Bars(
                (99, 99, 99, 99), (100, 100, 100, 100), (100, side == "long" ? 106 : 100, side == "long" ? 100 : 94, 99),
                (100, 100, 100, 100), (100, side == "long" ? 100 : 106, side == "long" ? 94 : 100, 99),
                (100, 100, 100, 100), (100, 101, 100, 101), (100, 100, 100, 99), (99, 99, 99, 99));
            var trades = Outcome(strategy, candles, seed).Trades;
            var worse = side == "long" ? 1 : -1;
            Assert.All(trades, trade => Assert.InRange(worse * (trade.EntryPrice - 100), 0, 0.01));
            Assert.Equal(100 + (5 * worse), trades[0].ExitPrice);
            Assert.InRange(worse * (100 - (5 * worse) - trades[1].ExitPrice), 0, 0.01);
            Assert.InRange(worse * (100 - trades[2].ExitPrice), 0, 0.01);
            Assert.Equal(
                [ExitReason.TakeProfit, ExitReason.StopLoss, ExitReason.Signal], trades.Select(trade => trade.ExitReason));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_seed_drives_slippage_and_nothing_else()
    {
        var candles = Documents.Closes(99, 100, 100, 100);
        var slipping = Documents.Strategy("close == 100", null, """{"costs": {"slippage_pips": 5}}""");
        var plain = Documents.Strategy("close == 100");
        Assert.Equal(Outcome(slipping, candles, 1).Trades, Outcome(slipping, candles, 1).Trades);
        Assert.NotEqual(Outcome(slipping, candles, 1).Trades, Outcome(slipping, candles, 2).Trades);
        Assert.Equal(Outcome(plain, candles, 1).Trades, Outcome(plain, candles, 2).Trades);
    }

    [Fact]
    public void Slippage_beyond_a_tenth_of_a_price_shows_that_the_pips_are_not_those_of_the_data()
    {
        var strategy = Documents.Strategy("close > 1", null, """{"pair": "USDJPY", "costs": {"slippage_pips": 20}}""");
        var outcome = Backtest.Run(strategy, Documents.Closes(1.1, 1.2, 1.3), 0, CancellationToken.None);
        Assert.Equal("SLIPPAGE_TOO_LARGE", Assert.IsType<BacktestOutcome.Failed>(outcome).Code);
    }

    [Theory]
    [InlineData("""{"pair": "USDJPY", "costs": {"spread_pips": 20}}""")]
    [InlineData("""{"costs": {"spread_from_data": true}}""")] // In points: 12 of them.
    public void A_spread_beyond_a_tenth_of_a_price_shows_that_it_is_not_in_units_of_the_data(string more)
    {
        double[] closes = [1.1, 1.2, 1.3];
        var candles = new Candles([0, 3_600, 7_200], closes, closes, closes, closes, new double[3], [0, 12, 0]);
        var outcome = Backtest.Run(Documents.Strategy("close > 1", null, more), candles, 0, CancellationToken.None);
        Assert.Equal("SPREAD_TOO_LARGE", Assert.IsType<BacktestOutcome.Failed>(outcome).Code);
    }

    [Fact]
    public void The_return_of_a_trade_is_after_swap()
    {
        var strategy = Documents.Strategy(
            "close == 1", null,
            """
            {"size": {"type": "units", "value": 100000}, "exit": {"long": "close == 2"},
             "costs": {"commission_rate": 0.001, "swap": {"long": -50, "short": 0}}}
            """);
        var trade = Documents.Run(strategy, At("2021-03-01T01:00", "2021-03-15T01:00")).Trades[0];
        Assert.Equal((200.0, -700.0), (Math.Round(trade.Commission, 9), Math.Round(trade.Swap, 9)));
        Assert.Equal(-0.9, trade.ReturnPct, 1e-9);
    }

    [Theory] // Points: a tenth of a pip, 0.00001 here; 2021-03-01 was a Monday.
    [InlineData("2021-03-01T23:00", "2021-03-02T21:00", 0)] // between two rollovers
    [InlineData("2021-03-01T21:00", "2021-03-01T23:00", 1)]
    [InlineData("2021-03-01T20:00", "2021-03-01T22:00", 1)] // closed at the very moment: it was held until then
    [InlineData("2021-03-01T22:00", "2021-03-02T20:00", 0)] // opened at the very moment
    [InlineData("2021-03-03T21:00", "2021-03-03T23:00", 3)] // Wednesday
    [InlineData("2021-03-05T21:00", "2021-03-05T23:00", 1)] // Friday
    [InlineData("2021-03-06T01:00", "2021-03-07T23:00", 0)] // Saturday and Sunday
    [InlineData("2021-03-01T01:00", "2021-03-15T01:00", 14)]
    public void A_night_is_charged_at_each_rollover_three_on_wednesday_none_at_the_weekend(string entry, string exit, int nights)
    {
        var strategy = Documents.Strategy(
            "close == 1", null,
            """
            {"size": {"type": "units", "value": 100000}, "exit": {"long": "close == 2"},
             "costs": {"swap": {"long": -0.6, "short": 0.1, "rollover_hour": 22}}}
            """);
        var trade = Documents.Run(strategy, At(entry, exit)).Trades[0];
        Assert.Equal(-0.6 * nights, trade.Swap, 1e-9);
        Assert.Equal(trade.Swap, trade.Pnl, 1e-9);
    }

    [Fact]
    public void Swap_is_in_the_equity_from_the_first_bar_after_the_rollover()
    {
        var strategy = Documents.Strategy(
            null, "close == 1",
            """{"size": {"type": "units", "value": 100000}, "costs": {"swap": {"long": 0, "short": 2, "rollover_hour": 4}}}""");
        double[] closes = [3, 1, 1, 1, 1];
        string[] times = ["2021-03-01T02:00", "2021-03-01T03:00", "2021-03-01T04:00", "2021-03-02T04:00", "2021-03-02T05:00"];
        var candles = new Candles([.. times.Select(Time)], closes, closes, closes, closes, new double[5]);
        Assert.Equal(
            [100_000, 100_000, 100_000, 100_002, 100_002],
            Documents.Run(strategy, candles, 5).Equity.Select(point => Math.Round(point.Equity, 9)));
    }

    [Theory]
    [InlineData("""{"spread": 0.1, "spread_pips": 1}""", "costs.spread: give one of spread, spread_pips and spread_from_data")]
    [InlineData("""{"spread_pips": 0, "spread_from_data": true}""", "costs.spread: give one of spread, spread_pips and spread_from_data")]
    [InlineData("""{"spread_pips": -1}""", "costs.spread_pips: expected a number from 0 to 1000")]
    [InlineData("""{"spread_from_data": 1}""", "costs.spread_from_data: expected true or false")]
    [InlineData("""{"slippage_pips": 101}""", "costs.slippage_pips: expected a number from 0 to 100")]
    [InlineData("""{"swap": {"short": 1}}""", "costs.swap.long: is missing")]
    [InlineData("""{"swap": {"long": 1, "short": 1, "rollover_hour": 24}}""", "costs.swap.rollover_hour: expected a number from 0 to 23")]
    [InlineData("""{"swap": {"long": 1, "short": 1, "rollover_hour": 1.5}}""", "costs.swap.rollover_hour: expected a whole hour")]
    public void Costs_that_make_no_sense_are_refused_with_their_field(string costs, string error) =>
        Assert.Equal([error], Documents.Errors(Documents.Of("close > 1", null, $$"""{"costs": {{costs}}}""")));

    private static Trade Run(string more, params double[] closes) =>
        Documents.Run(Documents.Strategy("close == 100", null, more), Documents.Closes(closes)).Trades[0];

    private static BacktestResult Outcome(Hexabase.Backtesting.Strategies.StrategyDefinition strategy, Candles candles, long seed) =>
        Assert.IsType<BacktestOutcome.Completed>(Backtest.Run(strategy, candles, seed, CancellationToken.None)).Result;

    /// <summary>A position at price 1 from one bar to another, over bars of an hour.</summary>
    private static Candles At(string entry, string exit)
    {
        long from = Time(entry), until = Time(exit);
        var bars = (int)((until - from) / 3_600) + 4;
        var time = Enumerable.Range(-2, bars).Select(i => from + (i * 3_600L)).ToArray();
        double[] closes = [.. time.Select(t => t == from - 3_600 ? 1 : t == until - 3_600 ? 2 : t < from ? 3 : 1.5)];
        double[] ones = [.. time.Select(_ => 1.0)], highs = [.. closes.Select(close => Math.Max(close, 1))];
        return new Candles(time, ones, highs, ones, closes, new double[bars]);
    }

    private static long Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds();
}
