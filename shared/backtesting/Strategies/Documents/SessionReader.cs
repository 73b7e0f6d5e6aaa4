using System.Globalization;
using System.Text.Json;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Strategies.Documents;

/// <summary>Reads the hours and days in which a strategy trades.</summary>
internal static class SessionReader
{
    private const int MinutesPerDay = 24 * 60;
    private const int EveryDay = 0b111_1111;

    private static readonly string[] DayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>Null when the document has none.</summary>
    public static TradingSession? Read(JsonReader root, string timeframe)
    {
        if (root.OptionalObject("session") is not { IsObject: true } section)
            return null;
        var from = ReadMinute(section, "from", "00:00");
        var to = ReadMinute(section, "to", "24:00");
        if (from == MinutesPerDay)
            section.Refuse("from", "expected a time before 24:00");
        else if (from == to)
            section.Refuse("to", "is the same as from");
        var days = ReadDays(section);
        section.RefuseTheRest();
        if (Timeframes.FixedSeconds(timeframe) is not { } barSeconds)
        {
            root.Refuse("session", $"goes only with bars of a fixed length, not with {timeframe}");
            return null;
        }
        return new TradingSession(from, to, days, barSeconds);
    }

    private static int ReadMinute(JsonReader section, string name, string byDefault)
    {
        var text = section.OptionalText(name) ?? byDefault;
        if (text == "24:00")
            return MinutesPerDay;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return (time.Hour * 60) + time.Minute;
        section.Refuse(name, "expected a time of day, UTC, as in 07:30");
        return 0;
    }

    private static int ReadDays(JsonReader section)
    {
        if (section.Optional("days") is not { } value)
            return EveryDay;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
        {
            section.Refuse("days", $"expected a list of {string.Join(", ", DayNames)}");
            return EveryDay;
        }
        var days = 0;
        foreach (var item in value.EnumerateArray())
        {
            var day = Array.IndexOf(DayNames, section.AsText("days", item));
            if (day < 0 || ((days >> day) & 1) != 0)
                section.Refuse("days", $"expected each of {string.Join(", ", DayNames)} at most once");
            else
                days |= 1 << day;
        }
        return days;
    }
}
