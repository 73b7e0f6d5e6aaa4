using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Strategies;

/// <summary>The hours of the week, UTC, in which positions may be opened and after which they are closed.</summary>
/// <param name="FromMinute">Of the day, 0 to 1,439.</param>
/// <param name="ToMinute">Of the same day, or of the next when it is not after <paramref name="FromMinute"/>; 1 to 1,440.</param>
/// <param name="Days">The days on which it begins, Monday as bit 0.</param>
/// <param name="BarSeconds">Length of a bar.</param>
internal sealed record TradingSession(int FromMinute, int ToMinute, int Days, long BarSeconds)
{
    private const int DaysPerWeek = 7;
    private const long SecondsPerMinute = 60;

    /// <summary>
    /// The moment at which the session ends in which a decision on a bar falls, taken at the bar's end, in Unix seconds; null when that is
    /// outside of every session. Sessions without a pause between them are one.
    /// </summary>
    public long? EndForDecision(long barTime)
    {
        if (EndOfWindow(barTime + BarSeconds) is not { } end)
            return null;
        for (var more = 0; more < DaysPerWeek; more++)
        {
            if (EndOfWindow(end) is not { } later)
                return end;
            end = later;
        }
        return long.MaxValue;
    }

    /// <summary>The end of the one day's session that a moment falls in.</summary>
    private long? EndOfWindow(long time)
    {
        var day = time / UtcTime.SecondsPerDay;
        return EndIfInside(day, time) ?? EndIfInside(day - 1, time);
    }

    private long? EndIfInside(long day, long time)
    {
        var midnight = day * UtcTime.SecondsPerDay;
        var start = midnight + (FromMinute * SecondsPerMinute);
        var length = ToMinute > FromMinute ? ToMinute - FromMinute : ToMinute - FromMinute + (24 * 60);
        var end = start + (length * SecondsPerMinute);
        return ((Days >> UtcTime.WeekOf(day).Weekday) & 1) != 0 && start <= time && time < end ? end : null;
    }
}
