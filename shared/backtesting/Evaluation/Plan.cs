using System.Numerics;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>Steps in an order in which each comes after those it reads; immutable.</summary>
/// <param name="Steps">Every column to compute.</param>
/// <param name="LastUse">For each step, the last step that reads it; <see cref="Forever"/> for those read by the simulation.</param>
/// <param name="PeakColumns">Most columns of numbers alive at once; 64 columns of conditions are as large as one.</param>
internal sealed record Plan(IReadOnlyList<Step> Steps, IReadOnlyList<int> LastUse, int PeakColumns)
{
    public const int Forever = int.MaxValue;

    /// <summary>Most memory for columns at once: a gigabyte.</summary>
    private const long MostBytes = 1L << 30;

    /// <summary>Most values that all columns together go through: about half a minute.</summary>
    private const long MostWork = 20_000_000_000;

    /// <summary>Whether computing it for so many bars takes more memory or time than any run may have.</summary>
    public bool IsTooLargeFor(int bars) => IsTooLarge(PeakColumns, WorkPerBar(), bars, MostBytes);

    /// <summary>The same for columns and work of any origin, and any bound of memory.</summary>
    public static bool IsTooLarge(int peakColumns, long workPerBar, int bars, long mostBytes) =>
        sizeof(double) * peakColumns * RentedLength(bars) > mostBytes || workPerBar * bars > MostWork;

    /// <summary>Columns are rented, and what is rented is a power of two long.</summary>
    private static long RentedLength(int bars) => BitOperations.RoundUpToPowerOf2((uint)bars);

    private long WorkPerBar()
    {
        long work = 0;
        foreach (var step in Steps)
            work += step.WorkPerBar;
        return work;
    }
}
