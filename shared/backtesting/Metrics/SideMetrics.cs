using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>The trades of one direction in numbers, each as in <see cref="BacktestMetrics"/>.</summary>
public sealed record SideMetrics(
    int Trades,
    int Wins,
    int Losses,
    double NetProfit,
    double GrossProfit,
    double GrossLoss,
    double? ProfitFactor,
    double? WinRate,
    double? Expectancy,
    double? AvgWin,
    double? AvgLoss)
{
    /// <summary>The long and the short trades of a run.</summary>
    internal static (SideMetrics Long, SideMetrics Short) Of(ReadOnlySpan<Trade> trades)
    {
        TradeTally longs = new(), shorts = new();
        foreach (ref readonly var trade in trades)
        {
            if (trade.Direction == Direction.Long)
                longs.Add(trade.Pnl);
            else
                shorts.Add(trade.Pnl);
        }
        return (Of(longs), Of(shorts));
    }

    private static SideMetrics Of(TradeTally tally) => new(
        tally.Trades, tally.Wins, tally.Losses, tally.NetProfit, tally.GrossProfit, tally.GrossLoss,
        tally.ProfitFactor, tally.WinRate, tally.Expectancy, tally.AvgWin, tally.AvgLoss);
}
