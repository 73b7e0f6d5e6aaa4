using System.Numerics;

namespace Hexabase.Backtesting.Evaluation;

/// <summary>Steps in an order in which each comes after those it reads; immutable.</summary>
/// <param name="Steps">Every column to compute.</param>
/// <param name="LastUse">For each step, the last step that reads it; <see cref="Forever"/> for those read by the simulation.</param>
/// <param name="PeakColumns">Most columns of numbers alive at once; 64 columns of conditions are as large as one.</param>
internal sealed record Plan(IReadOnlyList<Step> Steps, IReadOnlyList<int> LastUse, int PeakColumns)
{
    public const int Forever = int.MaxValue;

    /// <summary>Most numbers in columns at once: a gigabyte.</summary>
    private const long MostCells = 1L << 27;

    /// <summary>Most values that all columns together go through: about half a minute.</summary>
    private const long MostWork = 20_000_000_000;

    /// <summary>Whether computing it for so many bars takes more memory or time than any run may have.</summary>
    public bool IsTooLargeFor(int bars) => IsTooLarge(PeakColumns, WorkPerBar(), bars);

    /// <summary>The same for columns and work of any origin.</summary>
    public static bool IsTooLarge(int peakColumns, long workPerBar, int bars) =>
        peakColumns * RentedLength(bars) > MostCells || workPerBar * bars > MostWork;

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
