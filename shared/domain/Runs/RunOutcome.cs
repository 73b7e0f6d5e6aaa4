using System.Buffers;
using Hexabase.Backtesting.Metrics;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Results;
using Hexabase.Backtesting.Simulation;
using Hexabase.Backtesting.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>What executing a run came to.</summary>
internal abstract record RunOutcome
{
    /// <summary>It was computed.</summary>
    /// <param name="ResultPath">Where it is to be stored.</param>
    /// <param name="Json">The result to be stored: canonical bytes that follow from the inputs alone.</param>
    public sealed record Computed(string ResultPath, ReadOnlyMemory<byte> Json, BacktestMetrics Metrics) : RunOutcome;

    /// <summary>The same inputs were computed before.</summary>
    public sealed record Reused(StoredResult Result) : RunOutcome;

    /// <summary>The strategy cannot be run on these candles; that is its author's to mend.</summary>
    public sealed record AuthorError(string Code, string Detail) : RunOutcome;

    /// <summary>It cannot be computed, and the author is not to blame.</summary>
    public sealed record Lost(string Code, string Detail) : RunOutcome;

    /// <summary>Runs the engine on inputs that are at hand. Takes the calling thread for as long as it computes.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static RunOutcome Compute(StrategyDefinition strategy, Candles candles, Run run, string resultPath, CancellationToken ct)
    {
        switch (Backtest.Run(strategy, candles, run.Seed, ct))
        {
            case BacktestOutcome.Completed { Result: var result }:
                var json = new ArrayBufferWriter<byte>(64 << 10);
                result.WriteCanonicalJson(json, run.CodeHash, run.DatasetHash);
                return new Computed(resultPath, json.WrittenMemory, result.Metrics);
            case BacktestOutcome.Failed failed:
                return new AuthorError(failed.Code, failed.Reason);
            default:
                throw new InvalidOperationException("The engine knows two outcomes.");
        }
    }
}
