namespace Hexabase.Backtesting.MonteCarlo;

/// <summary>Percentiles by nearest rank: always one of the numbers, never between two.</summary>
internal static class Percentile
{
    /// <summary>The smallest of the numbers that at least <paramref name="percent"/> percent of them do not exceed.</summary>
    /// <param name="ascending">At least one number, sorted.</param>
    /// <param name="percent">1 to 100.</param>
    public static double Of(ReadOnlySpan<double> ascending, int percent) => ascending[(int)((((long)percent * ascending.Length) + 99) / 100) - 1];
}
