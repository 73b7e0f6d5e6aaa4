namespace Hexabase.Backtesting.Evaluation;

/// <summary>A condition at every bar, one bit each, lowest first; bits after the last bar mean nothing.</summary>
internal static class Bits
{
    public const int PerWord = 64;

    public static int Words(int bars) => (bars + PerWord - 1) / PerWord;

    public static bool IsSet(ReadOnlySpan<ulong> bits, int bar) => ((bits[bar / PerWord] >> bar) & 1) != 0;

    public static void Not(ReadOnlySpan<ulong> x, Span<ulong> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = ~x[i];
    }

    public static void And(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = left[i] & right[i];
    }

    public static void Or(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        for (var i = 0; i < result.Length; i++)
            result[i] = left[i] | right[i];
    }

    /// <summary>Every bit moves <paramref name="bars"/> bars on; the first ones are clear.</summary>
    public static void Past(ReadOnlySpan<ulong> x, int bars, Span<ulong> result)
    {
        var (words, bits) = Math.DivRem(bars, PerWord);
        for (var i = 0; i < result.Length; i++)
        {
            var from = i - words;
            result[i] = from < 0 ? 0 : x[from] << bits;
            if (bits > 0 && from > 0)
                result[i] |= x[from - 1] >> (PerWord - bits);
        }
    }
}
