using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps.Measurement;
using Hexabase.Backtesting.Sweeps.Results;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>Runs searches over parameters. A pure function like a backtest.</summary>
public static class Sweep
{
    /// <summary>For columns, shared ones and those in use: 256 MB. A set that needs more by itself is too large.</summary>
    public const long BudgetBytes = 256L << 20;

    /// <param name="threads">How many threads compute, at least 1; the result does not depend on it.</param>
    /// <param name="evaluated">
    /// Told how many backtests are done, from any of the threads, never less than before; at the end
    /// <see cref="SweepDefinition.Evaluations"/>. It should be quick: the threads take turns.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled before the end.</exception>
    public static SweepOutcome Run(
        StrategyDefinition strategy, Candles candles, SweepDefinition sweep, int threads, Action<int> evaluated, CancellationToken ct) =>
        Run(strategy, candles, sweep, threads, BudgetBytes, evaluated, ct);

    /// <summary>The same with another budget, which changes how much is computed again and nothing else.</summary>
    internal static SweepOutcome Run(
        StrategyDefinition strategy, Candles candles, SweepDefinition sweep, int threads, long budgetBytes, Action<int> evaluated,
        CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (sweep.TooFew(candles.Count) is { } tooFew)
            return tooFew;
        if (Requirements.UnmetWithAnyParameters(strategy, candles) is { Code: var code, Reason: var reason })
            return new SweepOutcome.Failed(code, reason, Measured: 0);

        var measurements = new Measurements(strategy, sweep, candles, threads, budgetBytes, new Progress(evaluated));
        var sets = sweep.Sets(candles.Count);
        measurements.Run(sets, ct);
        if (SweepDefinition.NoneValid(sets) is { } noneValid)
            return noneValid;

        var folds = sweep.Validation.Folds(candles.Count);
        IValidationReport? report = sweep.Validation switch
        {
            Validation.OutOfSample => new OutOfSampleReport(sweep, candles, folds[0], sets),
            Validation.WalkForward => WalkForwardReport.Of(sweep, candles, folds, sets, measurements, ct),
            _ => null,
        };
        return new SweepOutcome.Completed(new SweepResult(sweep, candles.Count, sets, report));
    }
}
