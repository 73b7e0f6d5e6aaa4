using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>A candidate's rules in the plan of its group.</summary>
/// <param name="Steps">Every step behind the rules, each after those it reads.</param>
/// <param name="Moves">The way to the columns that the rules read.</param>
internal sealed record BoundSet(Candidate Candidate, TradingRules Rules, int[] Steps, IReadOnlyList<Move> Moves);

/// <summary>Computes the column of a step, or gives it up because the set needs it no more.</summary>
internal readonly record struct Move(int Step, bool GivesUp);
