namespace Hexabase.Local.Timers;

/// <summary>What is remembered of a timer between its runs.</summary>
/// <param name="Schedule">The schedule that <paramref name="Next"/> follows.</param>
/// <param name="Last">Start of the last run; year 1 when there was none.</param>
/// <param name="Next">The occurrence after it.</param>
/// <param name="LastUpdated">When this was computed; year 1 when nothing has run.</param>
public sealed record TimerStatus(string Schedule, DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated)
{
    /// <summary>Of a timer that starts now for the first time, or with a schedule that was changed.</summary>
    public static TimerStatus Initial(TimerSchedule schedule, DateTimeOffset now) =>
        new(schedule.Text, DateTimeOffset.MinValue, schedule.Next(now), DateTimeOffset.MinValue);

    /// <summary>What a starting platform goes by: what it remembers if that follows the schedule, else a new beginning.</summary>
    public static TimerStatus AtStart(TimerStatus? remembered, TimerSchedule schedule, DateTimeOffset now) =>
        remembered is not null && remembered.Schedule == schedule.Text ? remembered : Initial(schedule, now);

    /// <summary>True when an occurrence was missed: nothing ran at it.</summary>
    public bool IsPastDue(DateTimeOffset now) => now > Next;

    /// <summary>After a run that started at <paramref name="started"/>; one that started a moment early counts as its occurrence.</summary>
    public TimerStatus After(DateTimeOffset started, TimerSchedule schedule, bool wasScheduled)
    {
        var at = wasScheduled && started < Next ? Next : started;
        return new TimerStatus(schedule.Text, at, schedule.Next(at), at);
    }
}
