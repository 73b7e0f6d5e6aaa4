using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps.Measurement;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>What binding the sets of a search tells before anything is computed.</summary>
/// <param name="WorkPerBar">
/// About how many values all its backtests go through for one bar, each as if it were alone: a bound, since what sets share is computed
/// once. Sets that cannot be measured cost nothing but their simulation.
/// </param>
/// <param name="Failure">Why it must fail on so many candles; null when nothing is known against it.</param>
public sealed record SweepForecast(long WorkPerBar, SweepOutcome.Failed? Failure)
{
    /// <summary>Binds every set: some microseconds each, more for a long strategy.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SweepForecast Of(StrategyDefinition strategy, SweepDefinition sweep, int bars, CancellationToken ct)
    {
        if (sweep.TooFew(bars) is { } tooFew)
            return new SweepForecast(0, tooFew);
        var sets = sweep.Sets(bars);
        long columns = 0, largest = 0;
        foreach (var group in SetGroup.Bind(strategy, sweep.Space, sets, bars, ct))
        {
            foreach (var set in group.Sets)
            {
                var work = set.WorkPerBar(group.Steps);
                columns += work;
                largest = Math.Max(largest, work);
            }
        }
        // The best set of each window has its columns computed once more.
        columns += largest * sweep.Validation.Windows;
        return new SweepForecast(columns + ((long)sweep.Evaluations * SweepLimits.SimulationWork), SweepDefinition.NoneValid(sets));
    }
}
