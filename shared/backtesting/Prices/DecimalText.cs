using System.Buffers.Text;

namespace Hexabase.Backtesting.Prices;

/// <summary>
/// Reads decimal numbers. Up to 15 digits the value is an exact integer divided by an exact power of ten, which IEEE division
/// rounds correctly; anything longer goes through the runtime's own correctly rounded parser.
/// </summary>
internal static class DecimalText
{
    private const int ExactDigits = 15;

    private static readonly double[] PowersOfTen =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads all of <paramref name="text"/>; false when it is no finite number.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value)
    {
        var length = ParsePlain(text, out value);
        return length == text.Length ? length > 0 : TryParseAny(text, out value);
    }

    /// <summary>
    /// Reads digits with at most one point from the start of <paramref name="text"/>. Returns how many bytes they took; 0 when
    /// they are not of this plain form or have too many digits to be exact.
    /// </summary>
    public static int ParsePlain(ReadOnlySpan<byte> text, out double value)
    {
        long mantissa = 0;
        int digits = 0, decimals = 0, i = 0;
        var point = -1;
        for (; i < text.Length; i++)
        {
            var digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                digits++;
            }
            else if (text[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                break;
            }
            if (digits > ExactDigits)
                break;
        }
        if (point >= 0)
            decimals = i - point - 1;
        if (digits is 0 or > ExactDigits)
        {
            value = 0;
            return 0;
        }
        value = decimals == 0 ? mantissa : mantissa / PowersOfTen[decimals];
        return i;
    }

    private static bool TryParseAny(ReadOnlySpan<byte> text, out double value) =>
        Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length && double.IsFinite(value);
}
