using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>The metrics of a finished run, from its trades in order and its equity.</summary>
internal static class TradeStatistics
{
    public static BacktestMetrics Of(ReadOnlySpan<Trade> trades, EquityCurve equity, double cash, int bars)
    {
        int wins = 0, losses = 0, longs = 0, streak = 0, longestStreak = 0, covered = 0, coveredUntil = -1;
        double net = 0, profit = 0, loss = 0, commission = 0;
        foreach (ref readonly var trade in trades)
        {
            net += trade.Pnl;
            commission += trade.Commission;
            longs += trade.Direction == Direction.Long ? 1 : 0;
            streak = trade.Pnl < 0 ? streak + 1 : 0;
            longestStreak = Math.Max(longestStreak, streak);
            if (trade.Pnl > 0)
            {
                wins++;
                profit += trade.Pnl;
            }
            else if (trade.Pnl < 0)
            {
                losses++;
                loss -= trade.Pnl;
            }
            covered += Math.Max(0, trade.ExitBar - Math.Max(trade.EntryBar, coveredUntil + 1) + 1);
            coveredUntil = trade.ExitBar;
        }
        return new BacktestMetrics(
            trades.Length, wins, losses, longs, net, profit, loss, commission,
            ProfitFactor: Ratio(profit, loss),
            WinRate: Ratio(wins, trades.Length),
            Expectancy: Ratio(net, trades.Length),
            AvgWin: Ratio(profit, wins),
            AvgLoss: Ratio(-loss, losses),
            MaxConsecutiveLosses: longestStreak,
            FinalEquity: equity.Final,
            ReturnPct: 100 * ((equity.Final / cash) - 1),
            equity.MaxDrawdownAbs,
            MaxDrawdownPct: 100 * equity.MaxDrawdown,
            equity.MaxDrawdownBars,
            ExposurePct: 100 * (double)covered / bars,
            SharpeDaily252: DailyReturns.Sharpe(equity.DayEnds));
    }

    private static double? Ratio(double part, double whole)
    {
        var ratio = part / whole;
        return double.IsFinite(ratio) ? ratio : null;
    }
}
