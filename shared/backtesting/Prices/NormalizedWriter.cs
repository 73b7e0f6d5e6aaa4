using System.Buffers;
using System.Text;
using Hexabase.Backtesting.Json;

namespace Hexabase.Backtesting.Prices;

/// <summary>
/// Writes rows of the normalized form: <see cref="UtcTime"/>, then numbers as <see cref="EcmaScriptNumber"/> has them, LF.
/// </summary>
internal static class NormalizedWriter
{
    private const int MostExactDigits = 15;
    private const double SmallestPlain = 1e-6;
    private const int LongestRow = UtcTime.TextLength + (6 * (EcmaScriptNumber.MaxLength + 1)) + 1;

    private static readonly SearchValues<byte> PlainDigits = SearchValues.Create("0123456789."u8);

    public static void WriteHeader(bool hasSpread, IBufferWriter<byte> output) =>
        Encoding.ASCII.GetBytes((hasSpread ? Candles.HeaderWithSpread : Candles.Header) + "\n", output);

    public static void Write(in CandleRow row, bool hasSpread, IBufferWriter<byte> output)
    {
        var line = output.GetSpan(LongestRow);
        UtcTime.Write(row.Time, line);
        var at = UtcTime.TextLength;
        WriteNumber(row.OpenText, row.Open, line, ref at);
        WriteNumber(row.HighText, row.High, line, ref at);
        WriteNumber(row.LowText, row.Low, line, ref at);
        WriteNumber(row.CloseText, row.Close, line, ref at);
        WriteNumber(row.VolumeText, row.Volume, line, ref at);
        if (hasSpread)
            WriteNumber(row.SpreadText, row.Spread, line, ref at);
        line[at++] = (byte)'\n';
        output.Advance(at);
    }

    private static void WriteNumber(ReadOnlySpan<byte> text, double value, Span<byte> line, ref int at)
    {
        line[at++] = (byte)',';
        if (IsShortest(text, value))
        {
            text.CopyTo(line[at..]);
            at += text.Length;
        }
        else
        {
            at += EcmaScriptNumber.Write(value, line[at..]);
        }
    }

    /// <summary>
    /// True when the text is the number's shortest form already: plain digits, none of them idle. No two decimals of up to
    /// 15 digits are the same double, so no other text of that length can stand for this one.
    /// </summary>
    private static bool IsShortest(ReadOnlySpan<byte> text, double value)
    {
        if (text.Length is 0 or > MostExactDigits || value < SmallestPlain || !char.IsAsciiDigit((char)text[0]))
            return false;
        if (text[0] == '0' && (text.Length < 2 || text[1] != '.'))
            return false;
        var point = text.IndexOf((byte)'.');
        return (point < 0 || text[^1] is not ((byte)'0' or (byte)'.')) && !text.ContainsAnyExcept(PlainDigits);
    }
}
