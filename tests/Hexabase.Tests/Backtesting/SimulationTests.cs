using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

/// <summary>The rules of a run, one by one, on few candles. The numbers are sections of ../shared/reference/semantics.md.</summary>
public sealed class SimulationTests
{
    private const string OneUnit = """ "size": {"type": "units", "value": 1}, "account": {"cash": 1000, "leverage": 1} """;

    [Fact] // 2
    public void A_decision_on_the_close_is_filled_at_the_next_open()
    {
        var trade = Assert.Single(Run("close == 11", null, "", (10, 10), (10, 11), (12, 13), (14, 15)).Trades);
        Assert.Equal((2, 12, 3, 15), (trade.EntryBar, trade.EntryPrice, trade.ExitBar, trade.ExitPrice));
    }

    [Fact] // 2
    public void Nothing_is_decided_on_the_last_bar() => Assert.Empty(Run("close == 11", null, "", (10, 10), (10, 10), (10, 11)).Trades);

    [Fact] // 3
    public void An_entry_against_the_position_reverses_it_at_one_open()
    {
        var trades = Run("close == 11", "close == 12", "", (10, 10), (10, 11), (11, 12), (13, 13)).Trades;
        Assert.Equal([Direction.Long, Direction.Short], trades.Select(trade => trade.Direction));
        Assert.Equal((3, 13, ExitReason.Signal), (trades[0].ExitBar, trades[0].ExitPrice, trades[0].ExitReason));
        Assert.Equal((3, 13), (trades[1].EntryBar, trades[1].EntryPrice));
    }

    [Fact]
    public void An_entry_the_way_of_the_position_does_nothing() =>
        Assert.Single(Run("close > 1", null, "", (10, 10), (10, 11), (11, 12), (13, 13), (14, 14)).Trades);

    [Fact]
    public void An_exit_rule_closes_only_its_own_side()
    {
        var trade = Assert.Single(Run(
            "close == 11", null, """ "exit": {"long": "close == 13", "short": "close == 12"} """,
            (10, 10), (10, 11), (11, 12), (12, 13), (14, 14), (14, 14)).Trades);
        Assert.Equal((4, 14, ExitReason.Signal), (trade.ExitBar, trade.ExitPrice, trade.ExitReason));
    }

    [Fact]
    public void An_entry_goes_before_an_exit_and_long_before_short()
    {
        var trades = Run(
            "1 > 0", "1 > 0", """ "exit": {"long": "1 > 0", "short": "1 > 0"} """, (10, 10), (10, 11), (11, 12), (13, 13), (14, 14)).Trades;
        Assert.Equal(
            [(Direction.Long, 2, 3), (Direction.Short, 3, 4), (Direction.Long, 4, 4)],
            trades.Select(trade => (trade.Direction, trade.EntryBar, trade.ExitBar)));
    }

    [Theory] // 4
    [InlineData("long", 100.0, 90.0, 99.0, 95.0, ExitReason.StopLoss)]
    [InlineData("long", 94.0, 93.0, 99.0, 94.0, ExitReason.StopLossGap)]
    [InlineData("long", 100.0, 99.0, 111.0, 110.0, ExitReason.TakeProfit)]
    [InlineData("long", 112.0, 99.0, 113.0, 112.0, ExitReason.TakeProfitGap)]
    [InlineData("long", 100.0, 94.0, 111.0, 95.0, ExitReason.StopLoss)]
    [InlineData("short", 100.0, 99.0, 106.0, 105.0, ExitReason.StopLoss)]
    [InlineData("short", 107.0, 99.0, 108.0, 107.0, ExitReason.StopLossGap)]
    [InlineData("short", 100.0, 89.0, 101.0, 90.0, ExitReason.TakeProfit)]
    [InlineData("short", 88.0, 87.0, 101.0, 88.0, ExitReason.TakeProfitGap)]
    [InlineData("short", 100.0, 89.0, 106.0, 105.0, ExitReason.StopLoss)]
    public void Stop_and_target_fill_at_their_price_or_at_a_worse_or_better_open(
        string side, double open, double low, double high, double exit, ExitReason reason)
    {
        // Decided at 100 on bar 1: stop 5 away, target 10 away; entered at 100 on bar 2; bar 3 is the one in question.
        var candles = Documents.Bars(
            (100, 100, 100, 100), (100, 101, 99, 100), (100, 101, 99, 100), (open, high, low, 100), (100, 100, 100, 100));
        var result = Documents.Run(Brackets(side, 5, 10), candles);
        var trade = result.Trades[0];
        Assert.Equal((2, 3, exit, reason), (trade.EntryBar, trade.ExitBar, trade.ExitPrice, trade.ExitReason));
        Assert.Equal(side == "long" ? (95.0, 110.0) : (105.0, 90.0), (trade.StopLoss, trade.TakeProfit));
        var isBoth = low <= (side == "long" ? 95 : 90) && high >= (side == "long" ? 110 : 105);
        Assert.Equal(isBoth ? [3] : [], result.BarsTouchingBoth.Take(1));
    }

    [Fact] // 4
    public void The_entry_bar_itself_can_stop_a_position_out()
    {
        var candles = Documents.Bars((100, 100, 100, 100), (100, 101, 99, 100), (100, 101, 94, 100), (100, 100, 100, 100));
        Assert.Equal((2, 2, ExitReason.StopLoss), Facts(Documents.Run(Brackets("long", 5, 10), candles).Trades[0]));
    }

    [Fact] // 4
    public void A_pending_close_goes_before_a_stop_of_the_same_bar()
    {
        var strategy = Documents.Strategy(
            "close == 100", null,
            $$"""{{{OneUnit}}, "exit": {"long": "close == 101"}, "stop_loss": {"type": "price_offset", "value": 5} }""");
        var candles = Documents.Bars((99, 99, 99, 99), (100, 100, 100, 100), (100, 102, 99, 101), (98, 98, 90, 98), (98, 98, 98, 98));
        var trade = Documents.Run(strategy, candles).Trades[0];
        Assert.Equal((3, 98, ExitReason.Signal), (trade.ExitBar, trade.ExitPrice, trade.ExitReason));
    }

    [Fact] // 3
    public void A_stop_on_the_wrong_side_of_the_price_to_be_paid_rejects_the_order_and_keeps_the_position()
    {
        // With a spread of 1 % the long pays 101 for a close of 100; its target of 100.5 lies below that.
        var strategy = Documents.Strategy(
            "close == 100", null, $$"""{{{OneUnit}}, "costs": {"spread": 0.01}, "take_profit": {"type": "price_offset", "value": 0.5} }""");
        var result = Documents.Run(strategy, Documents.Closes(99, 100, 99, 99));
        Assert.Empty(result.Trades);
        Assert.Equal([new RejectedOrder(1, Rejection.Bracket)], result.Rejected);
    }

    [Fact]
    public void An_undefined_distance_rejects_the_order()
    {
        var strategy = Documents.Strategy(
            "close == 100", null, $$"""{{{OneUnit}}, "stop_loss": {"type": "price_offset", "value": "1 / (high - low)"} }""");
        Assert.Equal([new RejectedOrder(1, Rejection.Bracket)], Documents.Run(strategy, Documents.Closes(99, 100, 99, 99)).Rejected);
    }

    [Fact]
    public void A_percent_distance_is_taken_from_the_close_of_the_deciding_bar()
    {
        var strategy = Documents.Strategy("close == 100", null, $$"""{{{OneUnit}}, "stop_loss": {"type": "percent", "value": 2} }""");
        Assert.Equal(98, Documents.Run(strategy, Documents.Closes(99, 100, 101, 101)).Trades[0].StopLoss);
    }

    [Fact] // 5
    public void Spread_is_paid_once_on_entry_and_commission_on_both_fills()
    {
        var trade = Assert.Single(Run(
            "close == 100", null, """ "costs": {"spread": 0.01, "commission_fixed": 2, "commission_rate": 0.1} """,
            (99, 99), (99, 100), (100, 100), (110, 110)).Trades);
        Assert.Equal(101, trade.EntryPrice);
        Assert.Equal(110, trade.ExitPrice);
        Assert.Equal(2 + 10.1 + 2 + 11, trade.Commission, 1e-12);
        Assert.Equal(110 - 101 - trade.Commission, trade.Pnl, 1e-12);
    }

    [Fact] // 5
    public void A_short_pays_the_spread_downwards() =>
        Assert.Equal(
            99,
            Run(null, "close == 100", """ "costs": {"spread": 0.01} """, (99, 99), (99, 100), (100, 100), (99, 99)).Trades[0].EntryPrice);

    [Fact] // 5: floor(1000 * 2 * 0.5 / 101) = 9
    public void A_fraction_buys_whole_units_of_its_share_of_the_buying_power()
    {
        var strategy = Documents.Strategy(
            "close == 100", null,
            """{"size": {"type": "fraction", "value": 0.5}, "account": {"cash": 1000, "leverage": 2}, "costs": {"spread": 0.01}}""");
        Assert.Equal(9, Documents.Run(strategy, Documents.Closes(99, 100, 100, 100)).Trades[0].Units);
    }

    [Fact] // 5
    public void An_entry_beyond_the_buying_power_is_refused_at_its_fill_after_the_close_of_a_reversal()
    {
        // Short 10 at 100, closed at 110: 900 of the 1,000 are left, and going long would take 1,100.
        var strategy = Documents.Strategy(
            "close == 110", "close == 100", """{"size": {"type": "units", "value": 10}, "account": {"cash": 1000, "leverage": 1}}""");
        var result = Documents.Run(strategy, Documents.Closes(99, 100, 100, 110, 110, 120));
        Assert.Equal((2, 4, ExitReason.Signal), Facts(Assert.Single(result.Trades)));
        Assert.Equal([new RejectedOrder(4, Rejection.Margin), new RejectedOrder(5, Rejection.Margin)], result.Rejected);
        Assert.Equal(900, result.Metrics.FinalEquity);
    }

    [Fact] // 6
    public void Equity_at_zero_ends_the_run_with_the_full_loss_in_the_trade()
    {
        var strategy = Documents.Strategy(
            "close == 100", null, """{"size": {"type": "units", "value": 100}, "account": {"cash": 1000, "leverage": 30}}""");
        var result = Documents.Run(strategy, Documents.Closes(99, 100, 100, 80, 100, 100));
        Assert.Equal((2, 3, ExitReason.Bust), Facts(Assert.Single(result.Trades)));
        Assert.Equal(-2_000, result.Trades[0].Pnl);
        Assert.Equal((3, 0.0), (result.BustBar, result.Metrics.FinalEquity));
        Assert.Equal([1000, 1000, 1000, 0, 0, 0], result.Equity.Select(point => point.Equity));
    }

    [Theory] // 7
    [InlineData("last_close", 15.0)]
    [InlineData("last_open", 14.0)]
    public void A_position_open_at_the_end_is_closed_by_the_rule_of_the_document(string rule, double exit)
    {
        var result = Run("close == 11", null, $""" "end_of_data": "{rule}" """, (10, 10), (10, 11), (12, 13), (14, 15));
        Assert.Equal((exit, ExitReason.EndOfData), (result.Trades[0].ExitPrice, result.Trades[0].ExitReason));
        Assert.Equal(1000 + exit - 12, result.Metrics.FinalEquity);
        Assert.Equal(result.Metrics.FinalEquity, result.Equity[^1].Equity);
    }

    [Fact] // 9
    public void A_tie_within_the_band_is_no_crossing()
    {
        // 0.1 + 0.2 is above 0.3 in the last bit only.
        var candles = Documents.Closes(0.3, 0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3);
        Assert.Empty(Documents.Run(Documents.Strategy("cross_above(close, 0.3)", "cross_below(close, 0.3)"), candles).Trades);
        Assert.NotEmpty(Documents.Run(Documents.Strategy("close == 0.3"), candles).Trades);
    }

    [Fact] // 9
    public void A_cross_through_an_exact_tie_is_a_cross() =>
        Assert.Equal(4, Documents.Run(Documents.Strategy("cross_above(close, 2)"), Documents.Closes(1, 1, 2, 3, 3, 3)).Trades[0].EntryBar);

    [Fact]
    public void Too_few_candles_for_the_warm_up_are_told()
    {
        var outcome = Backtest.Run(
            Documents.Strategy("close > sma(close, 10)"), Documents.Closes([.. Enumerable.Repeat(1.0, 11)]), 0, CancellationToken.None);
        Assert.Equal(new BacktestOutcome.Failed("TOO_FEW_CANDLES", "The strategy needs at least 12 candles, the dataset has 11."), outcome);
    }

    [Fact]
    public void A_strategy_that_trades_without_end_is_refused()
    {
        var candles = Documents.Closes([.. Enumerable.Repeat(1.0, Backtest.MostTrades + 10)]);
        var outcome = Backtest.Run(Documents.Strategy("1 > 0", "1 > 0"), candles, 0, CancellationToken.None);
        Assert.Equal("TOO_MANY_TRADES", Assert.IsType<BacktestOutcome.Failed>(outcome).Code);
    }

    [Fact]
    public void A_cancelled_run_stops() => Assert.Throws<OperationCanceledException>(() =>
        Backtest.Run(Documents.Strategy("close > 1"), Documents.Closes(1, 2, 3), 0, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData(-1)]
    [InlineData(Backtest.MaxSeed + 1)]
    public void A_seed_that_json_cannot_hold_is_a_mistake_of_the_caller(long seed) => Assert.Throws<ArgumentOutOfRangeException>(() =>
        Backtest.Run(Documents.Strategy("close > 1"), Documents.Closes(1, 2, 3), seed, CancellationToken.None));

    [Fact]
    public void The_equity_curve_has_about_five_hundred_points_and_the_last_bar()
    {
        var equity = Documents.Run(Documents.Strategy("close > 9"), Documents.Closes([.. Enumerable.Repeat(1.0, 1_202)])).Equity;
        Assert.Equal([0, 3, 6], equity.Take(3).Select(point => point.Bar));
        Assert.Equal([1_197, 1_200, 1_201], equity.TakeLast(3).Select(point => point.Bar));
    }

    [Fact]
    public void No_decision_looks_ahead()
    {
        var strategy = Documents.Strategy(
            "cross_above(sma(close, 3), ema(open, 5)) or rsi(close, 4) < 20",
            "cross_below(sma(close, 3), ema(open, 5)) or rsi(high - low, 4) > 90",
            """
            {"exit": {"long": "rsi(close, 4) > 60", "short": "close < sma(low, 4)"},
             "stop_loss": {"type": "price_offset", "value": "sma(high - low, 5)"}}
            """);
        Prop.ForAll(Walks(200), Gen.Choose(20, 180).ToArbitrary(), Walks(200), (walk, cut, other) =>
        {
            double[] changed = [.. walk[..cut], .. other[cut..]];
            var before = Until(cut, Documents.Run(strategy, Candles(walk), equityPoints: 200));
            var after = Until(cut, Documents.Run(strategy, Candles(changed), equityPoints: 200));
            return before.Trades.SequenceEqual(after.Trades) && before.Equity.SequenceEqual(after.Equity);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_books_balance() => Prop.ForAll(Walks(150), walk =>
    {
        var strategy = Documents.Strategy(
            "close > sma(close, 3)", "close < sma(close, 3)",
            """{"costs": {"spread": 0.0002, "commission_fixed": 0.5, "commission_rate": 0.00001}}""");
        var result = Documents.Run(strategy, Candles(walk));
        var metrics = result.Metrics;
        return Math.Abs(metrics.FinalEquity - 100_000 - metrics.NetProfit) < 1e-6
            && Math.Abs(metrics.GrossProfit - metrics.GrossLoss - metrics.NetProfit) < 1e-6
            && metrics.Wins + metrics.Losses <= metrics.Trades
            && metrics.ExposurePct is >= 0 and <= 100;
    }).QuickCheckThrowOnFailure();

    private static (IEnumerable<Trade> Trades, IEnumerable<EquityPoint> Equity) Until(int cut, BacktestResult result) =>
        (result.Trades.Where(trade => trade.ExitBar < cut), result.Equity.Where(point => point.Bar < cut));

    private static Arbitrary<double[]> Walks(int length) => Gen.Choose(-100, 100).ArrayOf(length).Select(steps =>
    {
        var price = 1.0;
        return steps.Select(step => price = Math.Max(0.5, price + (step / 10_000.0))).ToArray();
    }).ToArbitrary();

    /// <summary>Each bar opens at the close before it and strays a little beyond both.</summary>
    private static Candles Candles(double[] closes) => Documents.Bars([.. closes.Select((close, i) =>
    {
        var open = closes[Math.Max(0, i - 1)];
        return (open, Math.Max(open, close) + 0.001, Math.Min(open, close) - 0.001, close);
    })]);

    private static StrategyDefinition Brackets(string side, double stop, double target) => Documents.Strategy(
        side == "long" ? "close == 100" : null,
        side == "short" ? "close == 100" : null,
        FormattableString.Invariant(
            $$"""
            {{{OneUnit}}, "stop_loss": {"type": "price_offset", "value": {{stop}}},
             "take_profit": {"type": "price_offset", "value": {{target}}} }
            """));

    /// <summary>Runs on one unit and 1,000 in cash, over bars of (open, close).</summary>
    private static BacktestResult Run(string? enterLong, string? enterShort, string more, params (double Open, double Close)[] bars) =>
        Documents.Run(
        Documents.Strategy(enterLong, enterShort, $"{{{OneUnit}{(more.Length > 0 ? "," : "")}{more}}}"),
        Documents.Bars([.. bars.Select(bar => (bar.Open, Math.Max(bar.Open, bar.Close), Math.Min(bar.Open, bar.Close), bar.Close))]));

    private static (int EntryBar, int ExitBar, ExitReason Reason) Facts(Trade trade) => (trade.EntryBar, trade.ExitBar, trade.ExitReason);
}
