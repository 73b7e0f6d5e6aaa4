using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>
/// Measures parameter sets on some threads. Sets are taken in an order in which neighbours have much in common; what several need is
/// computed once for a batch of them, what only one needs by the thread that measures it.
/// </summary>
internal sealed class Measurements(
    StrategyDefinition strategy, SweepDefinition sweep, Candles candles, int threads, long budgetBytes, Progress progress)
{
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Run(IEnumerable<Candidate> candidates, CancellationToken ct)
    {
        var ordered = candidates.OrderBy(candidate => sweep.Space.PlaceThereAndBack(candidate.Coordinates));
        foreach (var group in SetGroup.Bind(strategy, sweep.Space, ordered, candles.Count, ct))
        {
            progress.Add(group.Refused.Sum(candidate => candidate.Parts.Count));
            using var shared = new SharedColumns(group, candles);
            foreach (var batch in Batch.Divide(group, candles.Count, threads, budgetBytes))
            {
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = ct };
                shared.Hold(batch.Shared, parallel);
                Parallel.For(
                    0, batch.Sets.Count, parallel, () => new Columns(group.Steps, candles),
                    (i, _, columns) => Measure(batch.Sets[i], columns, shared, ct), columns => columns.Dispose());
            }
        }
    }

    /// <summary>Counts backtests that need not be made.</summary>
    public void Skip(int count) => progress.Add(count);

    private Columns Measure(BoundSet set, Columns columns, SharedColumns shared, CancellationToken ct)
    {
        foreach (var move in set.Moves)
        {
            ct.ThrowIfCancellationRequested();
            if (move.GivesUp)
                columns.Release(move.Step);
            else if (!shared.TryLend(move.Step, columns))
                columns.Compute(move.Step);
        }
        var candidate = set.Candidate;
        for (var part = 0; part < candidate.Parts.Count && candidate.Refusal is null; part++)
        {
            var measured = Backtest.Measure(set.Rules, strategy.Account, candles, columns, candidate.Parts[part], sweep.Seed, ct);
            candidate.Note(part, measured);
        }
        foreach (var root in set.Rules.Roots)
            columns.Release(root);
        progress.Add(candidate.Parts.Count);
        return columns;
    }
}
