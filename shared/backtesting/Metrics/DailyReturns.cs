using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>Figures from the equities at the ends of UTC days.</summary>
internal static class DailyReturns
{
    private const double TradingDays = 252;

    /// <summary>See <see cref="BacktestMetrics.SharpeDaily252"/>.</summary>
    public static double? Sharpe(IReadOnlyList<EquityPoint> ends)
    {
        var count = ends.Count - 1;
        if (count < 2)
            return null;
        double sum = 0;
        for (var i = 1; i < ends.Count; i++)
            sum += Return(ends, i);
        double mean = sum / count, squares = 0;
        for (var i = 1; i < ends.Count; i++)
        {
            var deviation = Return(ends, i) - mean;
            squares += deviation * deviation;
        }
        var sharpe = mean / Math.Sqrt(squares / (count - 1)) * Math.Sqrt(TradingDays);
        return double.IsFinite(sharpe) ? sharpe : null;
    }

    private static double Return(IReadOnlyList<EquityPoint> ends, int day) => (ends[day].Equity / ends[day - 1].Equity) - 1;
}
