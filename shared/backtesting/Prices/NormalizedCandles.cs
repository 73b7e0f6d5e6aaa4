using System.Text;

namespace Hexabase.Backtesting.Prices;

/// <summary>Reads the normalized form in one pass: fixed-width times, plain decimals, LF.</summary>
internal static class NormalizedCandles
{
    private const int DateLength = 10;
    private static readonly byte[] HeaderLine = Encoding.ASCII.GetBytes(Candles.Header + "\n");
    private static readonly byte[] HeaderLineWithSpread = Encoding.ASCII.GetBytes(Candles.HeaderWithSpread + "\n");

    public static Candles Parse(ReadOnlySpan<byte> csv)
    {
        var hasSpread = csv.StartsWith(HeaderLineWithSpread);
        if (!hasSpread && !csv.StartsWith(HeaderLine))
            throw new FormatException("Line 1: not the header of normalized candles.");
        var rest = csv[(hasSpread ? HeaderLineWithSpread : HeaderLine).Length..];
        var count = rest.Count((byte)'\n');
        if (rest.Length > 0 && rest[^1] != '\n')
            throw new FormatException($"Line {count + 2}: the last line has no end.");

        var time = GC.AllocateUninitializedArray<long>(count);
        var columns = new double[hasSpread ? 6 : 5][];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = GC.AllocateUninitializedArray<double>(count);
        var dates = new DateCache();
        for (var row = 0; row < count; row++)
        {
            if (!TryParseRow(ref rest, ref dates, out time[row], columns, row))
                throw new FormatException($"Line {row + 2}: not a normalized candle.");
        }
        return new Candles(time, columns[0], columns[1], columns[2], columns[3], columns[4], hasSpread ? columns[5] : null);
    }

    private static bool TryParseRow(ref ReadOnlySpan<byte> rest, ref DateCache dates, out long time, double[][] columns, int row)
    {
        if (!TryParseTime(rest, ref dates, out time))
            return false;
        rest = rest[UtcTime.TextLength..];
        foreach (var column in columns)
        {
            if (rest.Length < 2 || rest[0] != ',')
                return false;
            rest = rest[1..];
            var length = DecimalText.ParsePlain(rest, out column[row]);
            if (!IsEndOfCell(rest, length) && !TryParseLong(rest, out length, out column[row]))
                return false;
            rest = rest[length..];
        }
        if (rest.IsEmpty || rest[0] != '\n')
            return false;
        rest = rest[1..];
        return true;
    }

    private static bool IsEndOfCell(ReadOnlySpan<byte> rest, int at) => at > 0 && at < rest.Length && rest[at] is (byte)',' or (byte)'\n';

    /// <summary>Numbers with an exponent, or with more digits than the short way is exact for.</summary>
    private static bool TryParseLong(ReadOnlySpan<byte> rest, out int length, out double value)
    {
        value = 0;
        length = rest.IndexOfAny((byte)',', (byte)'\n');
        return length > 0 && DecimalText.TryParse(rest[..length], out value);
    }

    private static bool TryParseTime(ReadOnlySpan<byte> text, ref DateCache dates, out long time)
    {
        time = 0;
        if (text.Length < UtcTime.TextLength || text[DateLength] != 'T' || text[UtcTime.TextLength - 1] != 'Z')
            return false;
        var timeOfDay = text[(DateLength + 1)..(UtcTime.TextLength - 1)];
        if (!dates.TryGetDay(text[..DateLength], out var day) || !UtcTime.TryParseTimeOfDay(timeOfDay, out var second))
            return false;
        time = (day * UtcTime.SecondsPerDay) + second;
        return true;
    }

    /// <summary>Consecutive candles mostly share their date.</summary>
    private ref struct DateCache
    {
        private ReadOnlySpan<byte> text;
        private long day;

        public bool TryGetDay(ReadOnlySpan<byte> date, out long result)
        {
            if (!date.SequenceEqual(text))
            {
                if (!UtcTime.TryParseDate(date, out day))
                {
                    result = 0;
                    return false;
                }
                text = date;
            }
            result = day;
            return true;
        }
    }
}
