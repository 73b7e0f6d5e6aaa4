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
    internal static SideMetrics Of(IReadOnlyList<Trade> trades, Direction direction)
    {
        var tally = new TradeTally();
        foreach (var trade in trades)
        {
            if (trade.Direction == direction)
                tally.Add(trade.Pnl);
        }
        return new SideMetrics(
            tally.Trades, tally.Wins, tally.Losses, tally.NetProfit, tally.GrossProfit, tally.GrossLoss,
            tally.ProfitFactor, tally.WinRate, tally.Expectancy, tally.AvgWin, tally.AvgLoss);
    }
}
