using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Simulation;

/// <summary>An entry that waits for the next open.</summary>
/// <param name="StopLoss">Null for none.</param>
/// <param name="TakeProfit">Null for none.</param>
/// <param name="Risk">The move that a size by risk counts with, in price units; otherwise of no meaning.</param>
/// <param name="SessionEnd">It is not filled from then on, and what it opened is closed then; Unix seconds.</param>
internal readonly record struct PendingEntry(
    Direction Direction, double? StopLoss, double? TakeProfit, double Risk, long SessionEnd);
