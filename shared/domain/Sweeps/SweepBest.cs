using Hexabase.Backtesting.Sweeps;

namespace Hexabase.Domain.Sweeps;

/// <summary>The best parameters a sweep has found, in figures.</summary>
public sealed record SweepBest(IReadOnlyDictionary<string, double> Parameters)
{
    /// <summary>Null when no set of parameters was valid.</summary>
    public static SweepBest? Of(SweepResult result) => null;
}
