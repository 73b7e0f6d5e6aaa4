using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Sweeps.Measurement;

/// <summary>A candidate's rules in the plan of its group.</summary>
/// <param name="Steps">Every step behind the rules, each after those it reads.</param>
internal sealed record BoundSet(Candidate Candidate, TradingRules Rules, int[] Steps);
