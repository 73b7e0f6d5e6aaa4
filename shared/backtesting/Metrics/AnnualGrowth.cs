namespace Hexabase.Backtesting.Metrics;

/// <summary>What growth over some time comes to in a year.</summary>
internal static class AnnualGrowth
{
    /// <summary>A year of the Julian calendar, 365.25 days.</summary>
    private const double SecondsPerYear = 31_557_600;

    /// <summary>
    /// The compound annual growth rate in percent; −100 when nothing is left, null when no time passed or the rate is beyond every double.
    /// </summary>
    public static double? Percent(double cash, double finalEquity, long seconds)
    {
        var growth = finalEquity / cash;
        return seconds <= 0 || !double.IsFinite(growth) ? null
            : growth <= 0 ? -100
            : Ratio.OrNull(100 * (Power.Of(growth, SecondsPerYear / seconds) - 1));
    }
}
