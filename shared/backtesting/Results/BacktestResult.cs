using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.MonteCarlo;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Results;

/// <summary>Everything a finished run has to say; the same inputs give the same result, bit for bit.</summary>
/// <param name="Bars">How many candles there were.</param>
/// <param name="FirstDecisionBar">Bars before it only warmed the indicators up.</param>
/// <param name="LongSide">The long trades alone.</param>
/// <param name="ShortSide">The short trades alone.</param>
/// <param name="MonthlyReturns">Oldest first.</param>
/// <param name="MonteCarlo">Null when the strategy does not ask for it, and when there were no trades.</param>
/// <param name="Trades">In the order of their exits.</param>
/// <param name="Rejected">The first <see cref="Simulation.Backtest.MostListed"/> orders that were not filled.</param>
/// <param name="RejectedCount">All of them.</param>
/// <param name="Equity">At every n-th bar and the last.</param>
/// <param name="BustBar">Where the account was used up and the run ended; null when it was not.</param>
/// <param name="BarsTouchingBoth">
/// Bars that touched both stop and target, where the order inside the bar is unknown and the stop was assumed; the first
/// <see cref="Simulation.Backtest.MostListed"/>.
/// </param>
public sealed record BacktestResult(
    long Seed,
    EndOfData EndOfData,
    int Bars,
    int FirstDecisionBar,
    BacktestMetrics Metrics,
    SideMetrics LongSide,
    SideMetrics ShortSide,
    IReadOnlyList<MonthlyReturn> MonthlyReturns,
    MonteCarloResult? MonteCarlo,
    IReadOnlyList<Trade> Trades,
    IReadOnlyList<RejectedOrder> Rejected,
    int RejectedCount,
    IReadOnlyList<EquityPoint> Equity,
    int? BustBar,
    IReadOnlyList<int> BarsTouchingBoth,
    int BarsTouchingBothCount);

/// <summary>The worth of the account at a bar's close.</summary>
/// <param name="Time">Opening time of the bar, Unix seconds.</param>
public readonly record struct EquityPoint(int Bar, long Time, double Equity);
