using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>What an expression stands for: numbers or a condition, at every bar.</summary>
internal abstract record Bound;

internal sealed record BoundNumber(Operand Operand) : Bound;

/// <param name="Step">The step that computes it.</param>
internal sealed record BoundCondition(int Step) : Bound;
