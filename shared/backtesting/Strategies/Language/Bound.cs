using Hexabase.Backtesting.Evaluation;

namespace Hexabase.Backtesting.Strategies.Language;

/// <summary>What an expression stands for: numbers or a condition, at every bar.</summary>
internal abstract record Bound;

internal sealed record BoundNumber(Operand Operand) : Bound;

/// <param name="Step">The step that computes it.</param>
internal sealed record BoundCondition(int Step) : Bound;

/// <summary>A call of a function with several results, of which an expression takes one by name: <c>macd(close, 12, 26, 9).signal</c>.</summary>
/// <param name="Outputs">Each result by name, added to the plan only when it is asked for.</param>
/// <param name="Main">What the call stands for without a name; null when a name must be given.</param>
internal sealed record BoundOutputs(IReadOnlyDictionary<string, Func<int>> Outputs, string? Main) : Bound;
