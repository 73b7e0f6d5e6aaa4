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

    /// <summary>Every bit moves to the next bar.</summary>
    public static void Previous(ReadOnlySpan<ulong> x, Span<ulong> result)
    {
        ulong carried = 0;
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (x[i] << 1) | carried;
            carried = x[i] >> (PerWord - 1);
        }
    }
}
