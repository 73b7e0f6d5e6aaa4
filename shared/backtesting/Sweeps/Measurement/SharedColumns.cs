using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>The columns that several sets of a group read, computed once and kept from batch to batch while they are of use.</summary>
internal sealed class SharedColumns(SetGroup group, Candles candles) : IDisposable
{
    private readonly Columns columns = new(group.Steps, candles);
    private readonly HashSet<int> held = [];

    /// <summary>Holds the columns of these steps and no others.</summary>
    public void Hold(IReadOnlySet<int> steps, ParallelOptions parallel)
    {
        foreach (var step in held.Where(step => !steps.Contains(step)))
            columns.Release(step);
        held.IntersectWith(steps);
        var missing = new HashSet<int>(steps);
        missing.ExceptWith(held);
        while (missing.Count > 0)
        {
            var ready = missing.Where(step => group.Steps[step].Inputs.All(held.Contains)).ToArray();
            Parallel.For(0, ready.Length, parallel, i => columns.Compute(ready[i]));
            held.UnionWith(ready);
            missing.ExceptWith(ready);
        }
    }

    /// <summary>Lends a column, to be released before the next batch; false when it is not held.</summary>
    public bool TryLend(int step, Columns to)
    {
        if (!held.Contains(step))
            return false;
        to.Borrow(step, columns);
        return true;
    }

    public void Dispose() => columns.Dispose();
}
