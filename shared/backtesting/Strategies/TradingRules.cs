using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies;

/// <summary>When to trade: steps of a plan, and what is null where the strategy has no such rule.</summary>
/// <param name="FirstDecisionBar">The bars before it only warm the indicators up.</param>
/// <param name="TrailingStop">From each close of a position's bars; only ever nearer.</param>
/// <param name="Risk">The move that <see cref="SizeMeasure.Risk"/> counts with, in price units, at the deciding bar.</param>
/// <param name="MostBars">A position is closed after so many bars.</param>
/// <param name="Session">Positions are opened within it and closed after it.</param>
internal sealed record TradingRules(
    int FirstDecisionBar,
    int? EnterLong,
    int? EnterShort,
    int? ExitLong,
    int? ExitShort,
    ProtectiveOrder? StopLoss = null,
    ProtectiveOrder? TakeProfit = null,
    ProtectiveOrder? TrailingStop = null,
    int? Risk = null,
    int? MostBars = null,
    TradingSession? Session = null)
{
    /// <summary>Every step that the simulation reads.</summary>
    public required IReadOnlyList<int> Roots { get; init; }
}

/// <summary>A stop or target, at a distance from a close.</summary>
/// <param name="Distance">In price units, or in percent of that close.</param>
internal sealed record ProtectiveOrder(bool IsPercent, Operand Distance);
