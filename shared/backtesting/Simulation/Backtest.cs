using Hexabase.Backtesting.Evaluation;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.MonteCarlo;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
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
    /// <param name="seed">Drives what the strategy declares to be random; 0 to <see cref="MaxSeed"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is out of range.</exception>
    /// <exception cref="OperationCanceledException">Cancelled between columns or during the simulation.</exception>
    public static BacktestOutcome Run(StrategyDefinition strategy, Candles candles, long seed, CancellationToken ct) =>
        Run(strategy, candles, seed, EquityPoints, ct);

    /// <summary>The same with another resolution of the equity curve; the metrics see every bar in any case.</summary>
    internal static BacktestOutcome Run(StrategyDefinition strategy, Candles candles, long seed, int equityPoints, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seed, MaxSeed);
        if (Requirements.Unmet(strategy, candles) is { } unmet)
            return unmet;
        using var columns = Columns.Evaluate(strategy.Plan, candles, ct);
        var journal = Journal.Take();
        var pointStep = (int)(((long)candles.Count + equityPoints - 1) / equityPoints);
        var simulator = new Simulator(
            strategy.Rules, strategy.Account, candles, columns, BarRange.Of(candles), seed, pointStep, journal);
        var outcome = Outcome(strategy, candles, seed, simulator.Run(ct), journal, ct);
        journal.GiveBack();
        return outcome;
    }

    /// <summary>
    /// The metrics alone, over some bars of the candles, with the indicators' whole past before them: decisions begin at the first of the
    /// bars or where the rules first can. Next to no allocation; for many runs on the same candles.
    /// </summary>
    /// <remarks>The candles meet <see cref="Requirements"/>.</remarks>
    /// <param name="columns">What the rules read, over all bars of the candles.</param>
    /// <param name="bars">At least one.</param>
    /// <returns>Null when there are more than <see cref="MostTrades"/> trades, or the account grows beyond all bounds.</returns>
    internal static BacktestMetrics? Measure(
        TradingRules rules, AccountTerms account, Candles candles, Columns columns, BarRange bars, long seed, CancellationToken ct)
    {
        var journal = Journal.Take();
        var metrics = new Simulator(rules, account, candles, columns, bars, seed, pointStep: 0, journal).Run(ct);
        journal.GiveBack();
        return metrics;
    }

    private static BacktestOutcome Outcome(
        StrategyDefinition strategy, Candles candles, long seed, BacktestMetrics? metrics, Journal journal, CancellationToken ct)
    {
        if (journal.Trades.Count > MostTrades)
            return new BacktestOutcome.Failed("TOO_MANY_TRADES", $"The strategy makes more than {MostTrades} trades.");
        if (metrics is null)
            return new BacktestOutcome.Failed("TOO_MUCH_MONEY", "The account grows beyond all bounds: use smaller sizes or real prices.");
        // May be many megabytes, all of it written in the next line.
        var trades = GC.AllocateUninitializedArray<Trade>(journal.Trades.Count);
        journal.Trades.CopyTo(trades);
        var (longs, shorts) = SideMetrics.Of(trades);
        return new BacktestOutcome.Completed(new BacktestResult(
            seed, strategy.Account.EndOfData, candles.Count, strategy.FirstDecisionBar, metrics,
            longs, shorts, MonthlyReturn.Of(journal.DayEnds, strategy.Account.Cash), Resample(strategy, trades, seed, ct),
            trades, journal.Rejected.ToArray(), journal.RejectedCount, journal.Equity.ToArray(), journal.BustBar,
            journal.TouchedBoth.ToArray(), journal.TouchedBothCount));
    }

    /// <summary>Null when the strategy does not ask for it or made no trade.</summary>
    private static MonteCarloResult? Resample(StrategyDefinition strategy, Trade[] trades, long seed, CancellationToken ct) =>
        strategy.MonteCarloResamples is { } resamples && trades.Length > 0
            ? TradeBootstrap.Run([.. trades.Select(trade => trade.Pnl)], strategy.Account.Cash, resamples, seed, ct)
            : null;
}
