using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Simulation;

/// <summary>
/// The moments at which a night is charged: one hour of every day, UTC. Wednesday's counts for three nights, since what is traded then
/// settles over the weekend; Saturday's and Sunday's for none.
/// </summary>
internal static class Rollovers
{
    private const int NightsPerWeek = 7;

    /// <summary>The first rollover after a moment.</summary>
    public static long After(long time, int hour) => ((Day(time, hour) + 1) * UtcTime.SecondsPerDay) + (hour * 3_600L);

    /// <summary>The nights of the rollovers after one moment up to and including another.</summary>
    public static long NightsBetween(long after, long until, int hour) => NightsUpTo(Day(until, hour)) - NightsUpTo(Day(after, hour));

    /// <summary>The day of the last rollover up to a moment, in days since 1970-01-01; -1 for the day before.</summary>
    private static long Day(long time, int hour) => ((time - (hour * 3_600L) + UtcTime.SecondsPerDay) / UtcTime.SecondsPerDay) - 1;

    /// <summary>Nights from Monday, 1969-12-29, up to and including a day.</summary>
    private static long NightsUpTo(long day)
    {
        ReadOnlySpan<byte> fromMonday = [1, 2, 5, 6, 7, 7, 7];
        var (week, weekday) = UtcTime.WeekOf(day);
        return (week * NightsPerWeek) + fromMonday[weekday];
    }
}
