using System.Text.Json;

namespace Hexabase.Local.Timers;

/// <summary>What a timer function is told, in the words of the Functions host.</summary>
internal static class TimerPayload
{
    /// <summary>Writes the timer's value, a real object; <paramref name="status"/> is null when the timer is not monitored.</summary>
    public static void Write(Utf8JsonWriter json, TimerStatus? status, bool isPastDue)
    {
        json.WriteStartObject();
        json.WriteStartObject("Schedule");
        json.WriteBoolean("AdjustForDST", true);
        json.WriteEndObject();
        if (status is null)
        {
            json.WriteNull("ScheduleStatus");
        }
        else
        {
            json.WriteStartObject("ScheduleStatus");
            json.WriteString("Last", WholeSeconds(status.Last));
            json.WriteString("Next", WholeSeconds(status.Next));
            json.WriteString("LastUpdated", WholeSeconds(status.LastUpdated));
            json.WriteEndObject();
        }
        json.WriteBoolean("IsPastDue", isPastDue);
        json.WriteEndObject();
    }

    /// <summary>The host's way through text loses fractions of a second.</summary>
    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}
