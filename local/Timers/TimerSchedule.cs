using NCrontab;

namespace Hexabase.Local.Timers;

/// <summary>A six-field NCRONTAB schedule, <c>{second} {minute} {hour} {day} {month} {day-of-week}</c>, in UTC.</summary>
public sealed class TimerSchedule
{
    private const int Fields = 6;
    private const int GapsLookedAt = 10;
    private static readonly TimeSpan ShortestMonitored = TimeSpan.FromMinutes(1);

    private readonly CrontabSchedule crontab;

    private TimerSchedule(string text, CrontabSchedule crontab) => (Text, this.crontab) = (text, crontab);

    public string Text { get; }

    /// <exception cref="FormatException">It does not have six fields, or one of them is not valid.</exception>
    public static TimerSchedule Parse(string text)
    {
        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length != Fields)
            throw new FormatException($"\"{text}\" does not have six fields: second, minute, hour, day, month, day of week.");
        try
        {
            return new TimerSchedule(text, CrontabSchedule.Parse(text, new CrontabSchedule.ParseOptions { IncludingSeconds = true }));
        }
        catch (CrontabException e)
        {
            throw new FormatException($"\"{text}\": {e.Message}", e);
        }
    }

    /// <summary>The first occurrence after <paramref name="time"/>, never <paramref name="time"/> itself.</summary>
    public DateTimeOffset Next(DateTimeOffset time) => new(DateTime.SpecifyKind(crontab.GetNextOccurrence(time.UtcDateTime), DateTimeKind.Utc));

    /// <summary>Whether it comes more often than once a minute, from which on Azure does not keep track of missed occurrences.</summary>
    public bool IsTooFrequentToMonitor(DateTimeOffset from)
    {
        var previous = Next(from);
        for (var i = 0; i < GapsLookedAt; i++)
        {
            var next = Next(previous);
            if (next - previous < ShortestMonitored)
                return true;
            previous = next;
        }
        return false;
    }
}
