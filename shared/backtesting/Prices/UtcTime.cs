using System.Buffers.Text;

namespace Hexabase.Backtesting.Prices;

/// <summary>Unix seconds and their fixed text form <c>yyyy-MM-ddTHH:mm:ssZ</c>, for the years 1970 to 9999.</summary>
public static class UtcTime
{
    /// <summary>Bytes of the text form.</summary>
    public const int TextLength = 20;

    internal const long SecondsPerDay = 86_400;

    private const int DaysPerWeek = 7;

    /// <summary>Writes the text form into the first <see cref="TextLength"/> bytes of <paramref name="destination"/>.</summary>
    public static void Write(long unixSeconds, Span<byte> destination)
    {
        var (year, month, day) = Civil(unixSeconds / SecondsPerDay);
        var second = (int)(unixSeconds % SecondsPerDay);
        destination = destination[..TextLength];
        Write2(destination, year / 100);
        Write2(destination[2..], year % 100);
        destination[4] = (byte)'-';
        Write2(destination[5..], month);
        destination[7] = (byte)'-';
        Write2(destination[8..], day);
        destination[10] = (byte)'T';
        Write2(destination[11..], second / 3600);
        destination[13] = (byte)':';
        Write2(destination[14..], second / 60 % 60);
        destination[16] = (byte)':';
        Write2(destination[17..], second % 60);
        destination[19] = (byte)'Z';
    }

    /// <summary>
    /// Reads what trading programs write: <c>yyyy-MM-dd</c> (or with dots or slashes), then optionally <c>T</c> or a space and
    /// <c>HH:mm[:ss[.000]]</c>, then optionally <c>Z</c> or an offset <c>±hh:mm</c>; or digits alone: Unix seconds, or
    /// milliseconds when there are 13. Without a zone it is UTC. Only whole seconds from 1970 on.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long unixSeconds) =>
        TryParseEpoch(text, out unixSeconds) || TryParseCalendar(text, out unixSeconds);

    /// <summary>Reads <c>HH:mm[:ss[.000]]</c> as seconds of the day.</summary>
    public static bool TryParseTimeOfDay(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length < 5 || text[2] != ':' || !TryRead2(text, out var hour) || !TryRead2(text[3..], out var minute))
            return false;
        if (hour > 23 || minute > 59)
            return false;
        seconds = (hour * 3600) + (minute * 60);
        text = text[5..];
        if (text.IsEmpty)
            return true;
        if (text.Length < 3 || text[0] != ':' || !TryRead2(text[1..], out var second) || second > 59)
            return false;
        seconds += second;
        text = text[3..];
        return text.IsEmpty || (text[0] == '.' && text.Length > 1 && text[1..].IndexOfAnyExcept((byte)'0') < 0);
    }

    /// <summary>The week of a day, counted from that of Monday, 1969-12-29, and the day's place in it, Monday as 0.</summary>
    /// <param name="day">Days since 1970-01-01, a Thursday; at least -3.</param>
    internal static (long Week, int Weekday) WeekOf(long day)
    {
        var (week, weekday) = Math.DivRem(day + 3, DaysPerWeek);
        return (week, (int)weekday);
    }

    /// <summary>Days since 1970-01-01 of a date; false when there is no such day.</summary>
    internal static bool TryParseDate(ReadOnlySpan<byte> text, out long days)
    {
        days = 0;
        if (text.Length != 10 || text[4] != text[7] || text[4] is not ((byte)'-' or (byte)'.' or (byte)'/'))
            return false;
        if (!TryRead2(text, out var century) || !TryRead2(text[2..], out var yearOfCentury) || !TryRead2(text[5..], out var month)
            || !TryRead2(text[8..], out var day))
        {
            return false;
        }
        var year = (century * 100) + yearOfCentury;
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        days = DaysFromCivil(year, month, day);
        return true;
    }

    private static bool TryParseEpoch(ReadOnlySpan<byte> text, out long unixSeconds)
    {
        unixSeconds = 0;
        if (text.Length is < 6 or > 13 || !Utf8Parser.TryParse(text, out long number, out var consumed))
            return false;
        if (consumed != text.Length || number < 0)
            return false;
        var isMilliseconds = text.Length == 13;
        unixSeconds = isMilliseconds ? number / 1000 : number;
        return text.Length <= 10 || (isMilliseconds && number % 1000 == 0);
    }

    private static bool TryParseCalendar(ReadOnlySpan<byte> text, out long unixSeconds)
    {
        unixSeconds = 0;
        if (text.Length < 10 || !TryParseDate(text[..10], out var days))
            return false;
        unixSeconds = days * SecondsPerDay;
        text = text[10..];
        if (text.IsEmpty)
            return true;
        if (text[0] is not ((byte)'T' or (byte)' '))
            return false;
        text = text[1..];
        if (!TryTakeZone(ref text, out var offset) || !TryParseTimeOfDay(text, out var seconds))
            return false;
        unixSeconds += seconds - offset;
        return unixSeconds >= 0;
    }

    private static bool TryTakeZone(ref ReadOnlySpan<byte> text, out int offset)
    {
        offset = 0;
        if (text.EndsWith("Z"u8))
        {
            text = text[..^1];
            return true;
        }
        if (text.Length < 6 || text[^6] is not ((byte)'+' or (byte)'-'))
            return true;
        var zone = text[^6..];
        if (!TryParseTimeOfDay(zone[1..], out offset))
            return false;
        if (zone[0] == '-')
            offset = -offset;
        text = text[..^6];
        return true;
    }

    // Howard Hinnant, "chrono-compatible low-level date algorithms": days_from_civil and civil_from_days, for days after 1970.
    private static long DaysFromCivil(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yearOfEra = y - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097L) + dayOfEra - 719_468;
    }

    private static (int Year, int Month, int Day) Civil(long days)
    {
        var z = (uint)(days + 719_468);
        var era = z / 146_097;
        var dayOfEra = z - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * shifted) + 2) / 5) + 1;
        var month = shifted < 10 ? shifted + 3 : shifted - 9;
        return ((int)(yearOfEra + (era * 400) + (month <= 2 ? 1u : 0u)), (int)month, (int)day);
    }

    private static bool TryRead2(ReadOnlySpan<byte> text, out int number)
    {
        int tens = text[0] - '0', ones = text[1] - '0';
        number = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }

    private static void Write2(Span<byte> destination, int number)
    {
        destination[0] = (byte)('0' + (number / 10));
        destination[1] = (byte)('0' + (number % 10));
    }
}
