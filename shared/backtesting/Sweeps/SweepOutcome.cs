using Hexabase.Backtesting.Sweeps.Results;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>How a search ended.</summary>
public abstract record SweepOutcome
{
    private SweepOutcome()
    {
    }

    public sealed record Completed(SweepResult Result) : SweepOutcome;

    /// <summary>It cannot be run on these candles; running it again changes nothing.</summary>
    /// <param name="Code">TOO_FEW_CANDLES, NO_VALID_SET, or what a run fails with whose costs or session do not fit the candles.</param>
    /// <param name="Reason">For the author.</param>
    /// <param name="Measured">How many backtests were computed before that was known.</param>
    public sealed record Failed(string Code, string Reason, int Measured) : SweepOutcome;
}
