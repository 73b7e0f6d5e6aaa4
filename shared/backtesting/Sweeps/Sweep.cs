using System.Buffers;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Backtesting.Sweeps;

/// <summary>Runs searches over parameters. A pure function like a backtest.</summary>
public static class Sweep
{
    /// <param name="threads">How many threads compute; the result does not depend on it.</param>
    /// <param name="evaluated">Told how many backtests are done, from any of the threads, never less than before.</param>
    /// <exception cref="OperationCanceledException">Cancelled before the end.</exception>
    public static SweepOutcome Run(
        StrategyDefinition strategy, Candles candles, SweepDefinition sweep, int threads, Action<int> evaluated, CancellationToken ct) =>
        new SweepOutcome.Failed("NOT_AVAILABLE", "not available");
}

/// <summary>How a search ended.</summary>
public abstract record SweepOutcome
{
    private SweepOutcome()
    {
    }

    public sealed record Completed(SweepResult Result) : SweepOutcome;

    /// <summary>It cannot be run on these candles; running it again changes nothing.</summary>
    public sealed record Failed(string Code, string Reason) : SweepOutcome;
}

/// <summary>Everything a finished search has to say.</summary>
public sealed record SweepResult
{
    /// <summary>Canonical JSON, schema <c>hexabase.sweep/v1</c>; the same bytes every time.</summary>
    public void WriteCanonicalJson(IBufferWriter<byte> output, string codeHash, string datasetHash) => throw new NotSupportedException();
}
