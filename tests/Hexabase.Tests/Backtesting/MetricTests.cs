using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Tests.Backtesting;

/// <summary>Every definition of docs/metrics.md that the reference results do not cover.</summary>
public sealed class MetricTests
{
    private const long Day = 86_400;
    private const long Year = 31_557_600;

    /// <summary>Buys one unit for a bar after each close of 1; the next bar's open is the entry, the open after it the exit.</summary>
    private const string OneBar = """
        {"size": {"type": "units", "value": 1}, "account": {"cash": 100}, "exit": {"long": "close > 1"}}
        """;

    // Enters at 10 and leaves at 13, 8, 10 and 6: +3, -2, 0 and -4.
    private static readonly double[] ThreeOutcomes = [1, 10, 13, 1, 10, 8, 1, 10, 10, 1, 10, 6, 6];

    [Fact]
    public void Wins_losses_and_their_averages_leave_out_trades_that_made_nothing()
    {
        var metrics = Run(ThreeOutcomes);
        Assert.Equal((4, 1, 2), (metrics.Trades, metrics.Wins, metrics.Losses));
        Assert.Equal((-3, 3, 6), (metrics.NetProfit, metrics.GrossProfit, metrics.GrossLoss));
        Assert.Equal((0.25, 3, -3), (metrics.WinRate!.Value, metrics.AvgWin!.Value, metrics.AvgLoss!.Value));
        Assert.Equal((0.5, 1, -0.75), (metrics.ProfitFactor!.Value, metrics.PayoffRatio!.Value, metrics.Expectancy!.Value));
    }

    [Fact]
    public void The_average_trade_in_percent_is_the_mean_of_the_returns_on_the_entries_value() =>
        Assert.Equal((30 - 20 + 0 - 40) / 4.0, Run(ThreeOutcomes).AvgTradePct!.Value, 1e-12);

    [Fact] // Mean -0.75, squared deviations 3.75², 1.25², 0.75², 3.25²: sum 26.75.
    public void The_system_quality_number_is_mean_over_sample_deviation_times_the_root_of_the_count() =>
        Assert.Equal(-0.75 / Math.Sqrt(26.75 / 3) * 2, Run(ThreeOutcomes).Sqn!.Value, 1e-12);

    [Fact] // (2.2 - 2) * 100 is 20.000000000000018, and the mean of ten of them differs from it in the last digit.
    public void Equal_profits_have_no_system_quality_number_whatever_the_rounding_of_their_mean()
    {
        var metrics = Run(
            [.. Enumerable.Repeat<double[]>([1, 2, 2.2], 10).SelectMany(trade => trade), 2.2],
            """{"size": {"type": "units", "value": 100}, "exit": {"long": "close > 1"}}""");
        Assert.Equal(10, metrics.Trades);
        Assert.Equal(20, metrics.AvgWin!.Value, 1e-12);
        Assert.Null(metrics.Sqn);
    }

    [Fact]
    public void A_trade_that_made_nothing_ends_a_losing_streak()
    {
        Assert.Equal(1, Run(ThreeOutcomes).MaxConsecutiveLosses);
        Assert.Equal(2, Run([1, 10, 8, 1, 10, 6, 1, 10, 13, 1, 10, 8, 8]).MaxConsecutiveLosses);
    }

    [Fact]
    public void The_recovery_factor_is_net_profit_over_the_furthest_fall()
    {
        // 100, then 95, then 107.
        var metrics = Run([1, 10, 5, 1, 10, 22, 22]);
        Assert.Equal((7, 5), (metrics.NetProfit, metrics.MaxDrawdownAbs));
        Assert.Equal(7 / 5.0, metrics.RecoveryFactor);
    }

    [Fact]
    public void The_longest_drawdown_lasts_from_its_peak_to_the_bar_that_reaches_it_again()
    {
        // One unit from bar 1 on: the equity is 90 and the close. Peak at bar 3, below it at bars 4 to 6, a new one at bar 7.
        var metrics = Hold([1, 10, 11, 20, 15, 12, 19, 21, 20, 22]);
        Assert.Equal((3, 4 * 3_600), (metrics.MaxDrawdownBars, metrics.MaxDrawdownSeconds));
    }

    [Fact]
    public void A_drawdown_at_the_end_lasts_until_the_last_bar()
    {
        var metrics = Hold([1, 10, 20, 15, 12]);
        Assert.Equal((2, 2 * 3_600), (metrics.MaxDrawdownBars, metrics.MaxDrawdownSeconds));
    }

    [Theory]
    [InlineData(100, 121, 2 * Year, 10)]
    [InlineData(100, 50, Year, -50)]
    [InlineData(100, 110, Year / 2, 21)]
    [InlineData(100, 100, Day, 0)]
    public void Annual_growth_compounds(double cash, double finalEquity, long seconds, double percent) =>
        Assert.Equal(percent, AnnualGrowth.Percent(cash, finalEquity, seconds)!.Value, 1e-10);

    [Theory]
    [InlineData(0)]
    [InlineData(-20)]
    public void Annual_growth_to_nothing_or_less_is_a_total_loss(double finalEquity) =>
        Assert.Equal(-100, AnnualGrowth.Percent(100, finalEquity, Year));

    [Theory]
    [InlineData(200, 0)]
    [InlineData(200, 60)]
    public void Annual_growth_in_no_time_or_beyond_every_number_is_null(double finalEquity, long seconds) =>
        Assert.Null(AnnualGrowth.Percent(100, finalEquity, seconds));

    [Fact]
    public void Calmar_is_annual_growth_over_the_furthest_fall_in_percent()
    {
        var metrics = Hold([1, 10, 20, 15, 22, 22]);
        Assert.Equal(metrics.CagrPct!.Value / metrics.MaxDrawdownPct, metrics.Calmar!.Value, 1e-12);
    }

    [Fact] // Returns +10 %, -10 %, +10 %: mean 1/30, mean square of the losses 0.01/3.
    public void Sortino_is_the_mean_daily_return_over_the_deviation_below_zero() => Assert.Equal(
        0.1 / 3 / Math.Sqrt(0.01 / 3) * Math.Sqrt(252), DailyReturns.Of(Days(100, 110, 99, 108.9)).Sortino!.Value, 1e-9);

    [Fact] // The same returns: squared deviations of 1/15, -2/15 and 1/15.
    public void Sharpe_is_the_mean_daily_return_over_the_sample_deviation() => Assert.Equal(
        0.1 / 3 / Math.Sqrt(6 / 225.0 / 2) * Math.Sqrt(252), DailyReturns.Of(Days(100, 110, 99, 108.9)).Sharpe!.Value, 1e-9);

    [Fact]
    public void Sharpe_and_sortino_need_two_daily_returns() =>
        Assert.Equal(new DailyReturns(null, null), DailyReturns.Of(Days(100, 90)));

    [Fact]
    public void Sortino_without_a_losing_day_is_null()
    {
        var returns = DailyReturns.Of(Days(100, 110, 130));
        Assert.NotNull(returns.Sharpe);
        Assert.Null(returns.Sortino);
    }

    [Fact]
    public void Sharpe_of_equal_returns_is_null_whatever_their_rounding() =>
        Assert.Null(DailyReturns.Of(Days(100, 110, 121, 133.1, 146.41)).Sharpe);

    [Theory]
    [InlineData(new[] { 100.0, 90, 0, 0 })]
    [InlineData(new[] { 100.0, 90, 0 })]
    [InlineData(new[] { 100.0, 90, -5 })]
    public void Sharpe_and_sortino_of_an_account_that_was_used_up_are_null(double[] equities) =>
        Assert.Equal(new DailyReturns(null, null), DailyReturns.Of(Days(equities)));

    [Fact]
    public void A_month_is_measured_from_the_end_of_the_month_before() => Assert.Equal(
        [new MonthlyReturn(2021, 1, 10), new MonthlyReturn(2021, 2, -50), new MonthlyReturn(2021, 4, 100)],
        MonthlyReturn.Of([At("2021-01-04", 90), At("2021-01-29", 110), At("2021-02-01", 55), At("2021-04-01", 110)], cash: 100)
            .Select(month => month with { ReturnPct = Math.Round(month.ReturnPct!.Value, 9) }));

    [Fact]
    public void A_month_after_everything_was_lost_has_no_return() => Assert.Equal(
        [new MonthlyReturn(2021, 1, -100), new MonthlyReturn(2021, 2, null)],
        MonthlyReturn.Of([At("2021-01-04", 0), At("2021-02-26", 0)], cash: 100));

    [Fact]
    public void Months_compound_to_the_return_of_the_run()
    {
        var result = Documents.Run(Crossing(), Walk(3_000));
        var growth = result.MonthlyReturns.Aggregate(1.0, (product, month) => product * (1 + (month.ReturnPct!.Value / 100)));
        Assert.Equal(5, result.MonthlyReturns.Count);
        Assert.Equal(result.Metrics.ReturnPct, 100 * (growth - 1), 1e-9);
    }

    [Fact]
    public void The_sides_add_up_to_the_whole() => Prop.ForAll(Gen.Choose(100, 900).ToArbitrary(), bars =>
    {
        var result = Documents.Run(Crossing(), Walk(bars));
        var (all, ups, downs) = (result.Metrics, result.LongSide, result.ShortSide);
        return all.Trades == ups.Trades + downs.Trades && all.LongTrades == ups.Trades
            && all.Wins == ups.Wins + downs.Wins && all.Losses == ups.Losses + downs.Losses
            && Math.Abs(all.NetProfit - ups.NetProfit - downs.NetProfit) < 1e-6
            && Math.Abs(all.GrossProfit - ups.GrossProfit - downs.GrossProfit) < 1e-6
            && Math.Abs(all.GrossLoss - ups.GrossLoss - downs.GrossLoss) < 1e-6;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Without_trades_what_needs_one_is_null_and_the_rest_is_nothing()
    {
        var metrics = Run([2, 2, 2, 2]);
        Assert.Equal((0, 0.0, 0.0, 0.0), (metrics.Trades, metrics.NetProfit, metrics.ReturnPct, metrics.CagrPct!.Value));
        Assert.Equal((0, 0, 0, 0), (metrics.MaxDrawdownAbs, metrics.MaxDrawdownPct, metrics.MaxDrawdownBars, metrics.MaxDrawdownSeconds));
        Assert.All(
            (double?[])[metrics.ProfitFactor, metrics.WinRate, metrics.Expectancy, metrics.AvgWin, metrics.AvgLoss, metrics.PayoffRatio,
                metrics.AvgTradePct, metrics.Sqn, metrics.RecoveryFactor, metrics.SharpeDaily252, metrics.SortinoDaily252, metrics.Calmar],
            Assert.Null);
    }

    [Fact]
    public void Without_losses_what_divides_by_them_is_null()
    {
        var metrics = Run([1, 10, 13, 1, 10, 13, 13]);
        Assert.Equal((2, 1.0), (metrics.Wins, metrics.WinRate));
        Assert.All(
            (double?[])[metrics.ProfitFactor, metrics.AvgLoss, metrics.PayoffRatio, metrics.Sqn, metrics.RecoveryFactor, metrics.Calmar],
            Assert.Null);
    }

    [Fact]
    public void A_run_that_went_bust_lost_everything()
    {
        // A hundred units at 10 and leverage: at 8 the account of 100 is worth less than nothing.
        var metrics = Run([1, 10, 8, 8, 8], """{"size": {"type": "units", "value": 100}, "account": {"cash": 100, "leverage": 30}}""");
        Assert.Equal((0, -100, -100), (metrics.FinalEquity, metrics.ReturnPct, metrics.CagrPct!.Value));
        Assert.Equal((100, -1), (metrics.MaxDrawdownPct, metrics.Calmar!.Value));
    }

    [Fact]
    public void An_account_that_grows_beyond_all_bounds_is_refused()
    {
        // Nine tenths of a thousandfold buying power double their price again and again.
        var strategy = Documents.Strategy(
            "close == 1", null,
            """{"size": {"type": "fraction", "value": 0.9}, "account": {"leverage": 1000}, "exit": {"long": "close > 1"}}""");
        (double, double, double, double)[] doubling = [(1, 1, 1, 1), (1, 2, 1, 2), (2, 2, 2, 2)];
        var candles = Documents.Bars([.. Enumerable.Range(0, 1_000).SelectMany(_ => doubling)]);
        var outcome = Backtest.Run(strategy, candles, 0, CancellationToken.None);
        Assert.Equal("TOO_MUCH_MONEY", Assert.IsType<BacktestOutcome.Failed>(outcome).Code);
    }

    private static BacktestMetrics Run(double[] closes) => Run(closes, OneBar);

    /// <summary>Buys one unit at the second close and keeps it.</summary>
    private static BacktestMetrics Hold(double[] closes) =>
        Run(closes, """{"size": {"type": "units", "value": 1}, "account": {"cash": 100}}""");

    /// <summary>A bar of warm-up comes before the closes.</summary>
    private static BacktestMetrics Run(double[] closes, string terms) =>
        Documents.Run(Documents.Strategy("close == 1", null, terms), Documents.Closes([2, .. closes])).Metrics;

    private static StrategyDefinition Crossing() =>
        Documents.Strategy("close > sma(close, 3)", "close < sma(close, 3)");

    private static Candles Walk(int bars)
    {
        var random = new Random(bars);
        var price = 1.1;
        return Documents.Closes([.. Enumerable.Range(0, bars).Select(_ => price *= 1 + ((random.NextDouble() - 0.5) / 500))]);
    }

    private static EquityPoint[] Days(params double[] equities) => [.. equities.Select((equity, day) => new EquityPoint(day, day * Day, equity))];

    private static EquityPoint At(string day, double equity) =>
        new(0, DateTimeOffset.Parse($"{day}T22:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeSeconds(), equity);
}
