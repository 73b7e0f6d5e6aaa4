using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Metrics;

/// <summary>What a calendar month (UTC) that has a bar did to the equity.</summary>
/// <param name="ReturnPct">
/// Percent of the equity at the end of the month before, or of the initial cash for the first; null when nothing was left of it.
/// </param>
public readonly record struct MonthlyReturn(int Year, int Month, double? ReturnPct)
{
    /// <summary>One row for each month that has a bar. The first and the last may be partial.</summary>
    internal static IReadOnlyList<MonthlyReturn> Of(IReadOnlyList<EquityPoint> dayEnds, double cash)
    {
        var months = new List<MonthlyReturn>();
        var before = cash;
        for (var i = 0; i < dayEnds.Count; i++)
        {
            var month = MonthOf(dayEnds[i]);
            if (i + 1 < dayEnds.Count && MonthOf(dayEnds[i + 1]) == month)
                continue;
            var equity = dayEnds[i].Equity;
            months.Add(new MonthlyReturn(month.Year, month.Month, before > 0 ? 100 * ((equity / before) - 1) : null));
            before = equity;
        }
        return months;
    }

    private static (int Year, int Month) MonthOf(EquityPoint point)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(point.Time);
        return (time.Year, time.Month);
    }
}
