using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>Return against risk, from the returns between the last equities of consecutive UTC days that have a bar.</summary>
/// <param name="Sharpe">See <see cref="BacktestMetrics.SharpeDaily252"/>; null with fewer than two returns or without deviation.</param>
/// <param name="Sortino">See <see cref="BacktestMetrics.SortinoDaily252"/>; null with fewer than two returns or without a loss.</param>
internal readonly record struct DailyReturns(double? Sharpe, double? Sortino)
{
    /// <summary>The trading days that stand for a year, whatever the data has.</summary>
    private const double TradingDays = 252;

    public static DailyReturns Of(ReadOnlySpan<EquityPoint> dayEnds)
    {
        var count = dayEnds.Length - 1;
        if (count < 2)
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

    private static double Return(ReadOnlySpan<EquityPoint> dayEnds, int day) => (dayEnds[day].Equity / dayEnds[day - 1].Equity) - 1;

    /// <summary>The ratio of a year: means grow with time, deviations with its root.</summary>
    private static double? Annual(double mean, double variance) => Ratio.OrNull(mean / Math.Sqrt(variance) * Math.Sqrt(TradingDays));
}
