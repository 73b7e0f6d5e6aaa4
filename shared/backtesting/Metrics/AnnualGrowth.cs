namespace Hexabase.Backtesting.Metrics;

/// <summary>What growth over some time comes to in a year.</summary>
internal static class AnnualGrowth
{
    /// <summary>A year of the Julian calendar, 365.25 days.</summary>
    private const double SecondsPerYear = 31_557_600;

    /// <summary>
    /// The compound annual growth rate in percent; −100 when nothing is left, null when no time passed or the rate is beyond every double.
    /// </summary>
    public static double? Percent(double cash, double finalEquity, long seconds) =>
        seconds <= 0 ? null
        : finalEquity <= 0 ? -100
        : Ratio.OrNull(100 * (Power.Of(finalEquity / cash, SecondsPerYear / seconds) - 1));
}
