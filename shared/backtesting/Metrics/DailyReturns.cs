using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>Return against risk, from the returns between the last equities of consecutive UTC days that have a bar.</summary>
/// <param name="Sharpe">See <see cref="BacktestMetrics.SharpeDaily252"/>; null with fewer than two returns or without deviation.</param>
/// <param name="Sortino">See <see cref="BacktestMetrics.SortinoDaily252"/>; null with fewer than two returns or without a loss.</param>
/// <remarks>Both are null once nothing is left of the account.</remarks>
internal readonly record struct DailyReturns(double? Sharpe, double? Sortino)
{
    /// <summary>The trading days that stand for a year, whatever the data has.</summary>
    private const double TradingDays = 252;

    public static DailyReturns Of(ReadOnlySpan<EquityPoint> dayEnds)
    {
        var count = dayEnds.Length - 1;
        if (count < 2 || IsUsedUp(dayEnds))
            return new DailyReturns(null, null);
        double sum = 0, squaredLosses = 0;
        for (var day = 1; day <= count; day++)
        {
            var gain = Return(dayEnds, day);
            sum += gain;
            if (gain < 0)
                squaredLosses += gain * gain;
        }
        double mean = sum / count, squaredDeviations = 0;
        for (var day = 1; day <= count; day++)
        {
            var deviation = Return(dayEnds, day) - mean;
            squaredDeviations += deviation * deviation;
        }
        return new DailyReturns(Annual(mean, squaredDeviations / (count - 1)), Annual(mean, squaredLosses / count));
    }

    private static bool IsUsedUp(ReadOnlySpan<EquityPoint> dayEnds)
    {
        foreach (var day in dayEnds)
        {
            if (day.Equity <= 0)
                return true;
        }
        return false;
    }

    private static double Return(ReadOnlySpan<EquityPoint> dayEnds, int day) => (dayEnds[day].Equity / dayEnds[day - 1].Equity) - 1;

    /// <summary>The ratio of a year: means grow with time, deviations with its root.</summary>
    private static double? Annual(double mean, double variance)
    {
        var deviation = Math.Sqrt(variance);
        return Ratio.IsNone(deviation, mean) ? null : Ratio.OrNull(mean / deviation * Math.Sqrt(TradingDays));
    }
}
