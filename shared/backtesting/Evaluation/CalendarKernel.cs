using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>Parts of the bars' opening times, UTC.</summary>
internal static class CalendarKernel
{
    private const long SecondsPerHour = 3_600;

    public static void Run(PriceSeries part, ReadOnlySpan<long> time, Span<double> result)
    {
        for (var i = 0; i < time.Length; i++)
        {
            var (day, second) = Math.DivRem(time[i], UtcTime.SecondsPerDay);
            result[i] = part switch
            {
                PriceSeries.Hour => second / SecondsPerHour,
                PriceSeries.Minute => second % SecondsPerHour / 60,
                PriceSeries.Weekday => UtcTime.WeekOf(day).Weekday + 1,
                _ => day,
            };
        }
    }
}
