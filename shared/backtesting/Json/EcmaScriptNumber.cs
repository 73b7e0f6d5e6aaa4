using System.Globalization;

namespace Hexabase.Backtesting.Json;

/// <summary>
/// Numbers as ECMAScript's <c>Number::toString</c> writes them, which RFC 8785 §3.2.2.3 asks for: the shortest digits that read
/// back as the same double, plain from 1e-6 up to below 1e21, otherwise with an exponent.
/// </summary>
public static class EcmaScriptNumber
{
    /// <summary>No number is longer.</summary>
    public const int MaxLength = 25;

    private const int MostPlainDigits = 21;
    private const int MostLeadingZeros = 6;
    private const double ExactIntegers = 1L << 53;

    /// <summary>Writes <paramref name="value"/> to <paramref name="destination"/>, of at least <see cref="MaxLength"/> bytes.</summary>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static int Write(double value, Span<byte> destination)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has no such number.");
        int written;
        if (Math.Abs(value) <= ExactIntegers && value == (long)value)
        {
            ((long)value).TryFormat(destination, out written, provider: CultureInfo.InvariantCulture);
            return written;
        }
        value.TryFormat(destination, out written, provider: CultureInfo.InvariantCulture);
        var exponentAt = destination[..written].IndexOf((byte)'E');
        return exponentAt < 0 ? written : Rewrite(destination, written, exponentAt);
    }

    /// <summary>Lays the runtime's <c>d.dddE±xx</c> out again by the rules of ECMAScript.</summary>
    private static int Rewrite(Span<byte> text, int length, int exponentAt)
    {
        var exponent = int.Parse(text[(exponentAt + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var sign = text[0] == '-' ? 1 : 0;
        Span<byte> digits = stackalloc byte[exponentAt];
        var count = 0;
        foreach (var c in text[sign..exponentAt])
        {
            if (c != '.')
                digits[count++] = c;
        }
        digits = digits[..count];

        var at = sign;
        var point = exponent + 1;
        if (point >= count && point <= MostPlainDigits)
        {
            Append(text, ref at, digits);
            text.Slice(at, point - count).Fill((byte)'0');
            return at + point - count;
        }
        if (point > 0 && point <= MostPlainDigits)
        {
            Append(text, ref at, digits[..point]);
            text[at++] = (byte)'.';
            Append(text, ref at, digits[point..]);
            return at;
        }
        if (point <= 0 && point > -MostLeadingZeros)
        {
            Append(text, ref at, "0."u8);
            text.Slice(at, -point).Fill((byte)'0');
            at -= point;
            Append(text, ref at, digits);
            return at;
        }
        text[at++] = digits[0];
        if (count > 1)
        {
            text[at++] = (byte)'.';
            Append(text, ref at, digits[1..]);
        }
        Append(text, ref at, exponent < 0 ? "e-"u8 : "e+"u8);
        Math.Abs(exponent).TryFormat(text[at..], out var written, provider: CultureInfo.InvariantCulture);
        return at + written;
    }

    private static void Append(Span<byte> text, ref int at, ReadOnlySpan<byte> part)
    {
        part.CopyTo(text[at..]);
        at += part.Length;
    }
}
