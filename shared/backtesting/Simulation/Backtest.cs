using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Simulation;

/// <summary>Runs strategies on candles. A pure function: no clock, no files, no shared state.</summary>
public static class Backtest
{
    /// <summary>Largest seed: whole numbers beyond it are not exact in JSON.</summary>
    public const long MaxSeed = (1L << 53) - 1;

    /// <summary>About how many points an equity curve has.</summary>
    public const int EquityPoints = 500;

    /// <summary>A run that makes more trades is refused.</summary>
    public const int MostTrades = 250_000;

    /// <summary>How many rejected orders and doubtful bars are listed; beyond it they are only counted.</summary>
    public const int MostListed = 10_000;

    /// <summary>Runs one strategy on one set of candles.</summary>
    /// <param name="seed">Drives what the strategy declares to be random, which nothing is yet; 0 to <see cref="MaxSeed"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between columns or during the simulation.</exception>
    public static BacktestOutcome Run(StrategyDefinition strategy, Candles candles, long seed, CancellationToken ct) =>
        Run(strategy, candles, seed, EquityPoints, ct);

    /// <summary>The same with another resolution of the equity curve; the metrics see every bar in any case.</summary>
    internal static BacktestOutcome Run(StrategyDefinition strategy, Candles candles, long seed, int equityPoints, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seed, MaxSeed);
        var plan = strategy.Plan;
        var needed = strategy.FirstDecisionBar + 2;
        if (candles.Count < needed)
        {
            return new BacktestOutcome.Failed(
                "TOO_FEW_CANDLES", $"The strategy needs at least {needed} candles, the dataset has {candles.Count}.");
        }
        if (plan.IsTooLargeFor(candles.Count))
        {
            return new BacktestOutcome.Failed(
                "TOO_LARGE", $"The strategy is too large for {candles.Count} candles: use fewer indicators or fewer candles.");
        }
        using var columns = Columns.Evaluate(plan, candles, ct);
        return new Simulator(strategy, candles, columns, seed, equityPoints).Run(ct);
    }
}
