namespace Hexabase.Backtesting.Indicators;

/// <summary>Which of two values is the more extreme.</summary>
internal interface IExtreme
{
    static abstract double Of(double left, double right);
}

/// <summary>
/// Extremes of sliding windows in three comparisons a bar, whatever the period (van Herk 1992, Gil and Werman 1993): a window that holds
/// the last bar of a block is the end of that block and the beginning of the next one.
/// </summary>
internal static class SlidingExtreme
{
    public static void Run<TExtreme>(int period, ReadOnlySpan<double> input, Span<double> result)
        where TExtreme : struct, IExtreme
    {
        for (var last = period - 1; last < input.Length; last += period)
        {
            var windows = Math.Min(period, input.Length - last);
            Block<TExtreme>(input.Slice(last - period + 1, period), input.Slice(last, windows), result.Slice(last, windows));
        }
    }

    private static void Block<TExtreme>(ReadOnlySpan<double> block, ReadOnlySpan<double> next, Span<double> result)
        where TExtreme : struct, IExtreme
    {
        var extreme = block[^1];
        for (var i = block.Length - 1; i >= result.Length; i--)
            extreme = TExtreme.Of(block[i], extreme);
        for (var i = result.Length - 1; i >= 0; i--)
            result[i] = extreme = TExtreme.Of(block[i], extreme);

        extreme = next[0];
        for (var i = 1; i < result.Length; i++)
        {
            extreme = TExtreme.Of(next[i], extreme);
            result[i] = TExtreme.Of(result[i], extreme);
        }
    }
}
