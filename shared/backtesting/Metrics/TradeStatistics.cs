using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>The metrics of a finished run, from its trades in order and its equity.</summary>
internal static class TradeStatistics
{
    public static BacktestMetrics Of(ReadOnlySpan<Trade> trades, EquityCurve equity, double cash, Candles candles, BarRange bars)
    {
        int longs = 0, streak = 0, longestStreak = 0, covered = 0, coveredUntil = -1;
        double commission = 0, swap = 0, returns = 0;
        var tally = new TradeTally();
        foreach (ref readonly var trade in trades)
        {
            tally.Add(trade.Pnl);
            commission += trade.Commission;
            swap += trade.Swap;
            returns += trade.ReturnPct;
            longs += trade.Direction == Direction.Long ? 1 : 0;
            streak = trade.Pnl < 0 ? streak + 1 : 0;
            longestStreak = Math.Max(longestStreak, streak);
            covered += Math.Max(0, trade.ExitBar - Math.Max(trade.EntryBar, coveredUntil + 1) + 1);
            coveredUntil = trade.ExitBar;
        }
        var daily = DailyReturns.Of(equity.DayEnds);
        var maxDrawdownPct = 100 * equity.MaxDrawdown;
        var cagr = AnnualGrowth.Percent(cash, equity.Final, candles.TimeColumn[bars.Last] - candles.TimeColumn[bars.From]);
        return new BacktestMetrics(
            tally.Trades, tally.Wins, tally.Losses, longs,
            tally.NetProfit, tally.GrossProfit, tally.GrossLoss, commission, swap,
            tally.ProfitFactor, tally.WinRate, tally.Expectancy, tally.AvgWin, tally.AvgLoss,
            PayoffRatio: tally is { AvgWin: { } win, AvgLoss: { } loss } ? Ratio.Of(win, -loss) : null,
            AvgTradePct: Ratio.Of(returns, trades.Length),
            Sqn: SystemQuality(trades, tally.NetProfit / trades.Length),
            MaxConsecutiveLosses: longestStreak,
            FinalEquity: equity.Final,
            ReturnPct: 100 * ((equity.Final / cash) - 1),
            CagrPct: cagr,
            equity.MaxDrawdownAbs,
            maxDrawdownPct,
            equity.MaxDrawdownBars,
            MaxDrawdownSeconds: LongestDrawdown(equity, candles.TimeColumn, bars),
            RecoveryFactor: Ratio.Of(tally.NetProfit, equity.MaxDrawdownAbs),
            ExposurePct: 100 * (double)covered / bars.Count,
            daily.Sharpe,
            daily.Sortino,
            Calmar: cagr is { } growth ? Ratio.Of(growth, maxDrawdownPct) : null);
    }

    /// <summary>See <see cref="BacktestMetrics.Sqn"/>; null with fewer than two trades or without deviation.</summary>
    private static double? SystemQuality(ReadOnlySpan<Trade> trades, double mean)
    {
        double squares = 0;
        foreach (ref readonly var trade in trades)
            squares += (trade.Pnl - mean) * (trade.Pnl - mean);
        var deviation = Math.Sqrt(squares / (trades.Length - 1));
        return trades.Length < 2 || Ratio.IsNone(deviation, mean) ? null : Ratio.Of(mean, deviation / Math.Sqrt(trades.Length));
    }

    /// <summary>See <see cref="BacktestMetrics.MaxDrawdownSeconds"/>.</summary>
    private static long LongestDrawdown(EquityCurve equity, long[] time, BarRange bars) => equity.LongestDrawdown is { } longest
        ? time[Math.Min(longest.Last + 1, bars.Last)] - time[Math.Max(longest.First - 1, bars.From)]
        : 0;
}
