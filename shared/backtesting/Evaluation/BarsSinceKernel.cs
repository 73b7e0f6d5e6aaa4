namespace Hexabase.Backtesting.Evaluation;

/// <summary>Counts the bars since a condition was last true; undefined before the first time.</summary>
internal static class BarsSinceKernel
{
    public static void Run(ReadOnlySpan<ulong> condition, Span<double> result)
    {
        var bars = double.NaN;
        for (var i = 0; i < result.Length; i++)
            result[i] = bars = Bits.IsSet(condition, i) ? 0 : bars + 1;
    }
}
