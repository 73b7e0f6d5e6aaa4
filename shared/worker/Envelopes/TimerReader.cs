using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>Reads the value of a timer binding: an object, or a string that holds its JSON.</summary>
internal static class TimerReader
{
    /// <exception cref="JsonException">It is neither.</exception>
    public static TimerInfo Read(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.String)
            return ReadObject(data);
        using var inner = JsonDocument.Parse(DoubleEncoding.Bytes(data));
        return ReadObject(inner.RootElement);
    }

    private static TimerInfo ReadObject(JsonElement timer)
    {
        if (timer.ValueKind != JsonValueKind.Object)
            throw new JsonException("The value of a timer is not an object.");
        return new TimerInfo
        {
            IsPastDue = timer.TryGetProperty("IsPastDue", out var pastDue) && pastDue.ValueKind == JsonValueKind.True,
            ScheduleStatus = timer.TryGetProperty("ScheduleStatus", out var status) && status.ValueKind == JsonValueKind.Object
                ? new ScheduleStatus { Last = Utc(status, "Last"), Next = Utc(status, "Next"), LastUpdated = Utc(status, "LastUpdated") }
                : null,
        };
    }

    /// <summary>The first instant of year 1, which also stands for "never", when there is no such date.</summary>
    private static DateTime Utc(JsonElement status, string name) =>
        status.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && HostDates.TryParse(value.GetString(), out var utc) ? utc.UtcDateTime : DateTime.SpecifyKind(default, DateTimeKind.Utc);
}
