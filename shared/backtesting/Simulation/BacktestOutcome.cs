using Hexabase.Backtesting.Results;

namespace Hexabase.Backtesting.Simulation;

/// <summary>How a run ended.</summary>
public abstract record BacktestOutcome
{
    private BacktestOutcome()
    {
    }

    public sealed record Completed(BacktestResult Result) : BacktestOutcome;

    /// <summary>The strategy cannot be run on these candles; running it again changes nothing.</summary>
    /// <param name="Code">
    /// TOO_FEW_CANDLES, TOO_LARGE, TIMEFRAME_MISMATCH, NO_SPREAD, SPREAD_TOO_LARGE, SLIPPAGE_TOO_LARGE, TOO_MANY_TRADES or TOO_MUCH_MONEY.
    /// </param>
    /// <param name="Reason">For the author.</param>
    public sealed record Failed(string Code, string Reason) : BacktestOutcome;
}
