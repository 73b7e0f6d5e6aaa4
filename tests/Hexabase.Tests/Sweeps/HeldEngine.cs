using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;

namespace Hexabase.Tests.Sweeps;

/// <summary>
/// An engine that says it has done so many backtests, one after the other, and then computes on only when it is let go; it heeds
/// cancellation.
/// </summary>
internal sealed class HeldEngine(int done) : IDisposable
{
    private readonly ManualResetEventSlim released = new();
    private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a computation is held.</summary>
    public Task Began => began.Task;

    public SweepOutcome Run(
        StrategyDefinition strategy, Candles candles, SweepDefinition search, int threads, Action<int> evaluated, CancellationToken ct)
    {
        for (var i = 1; i <= done; i++)
            evaluated(i);
        began.TrySetResult();
        released.Wait(ct);
        return Sweep.Run(strategy, candles, search, threads, evaluated, ct);
    }

    public void Release() => released.Set();

    public void Dispose()
    {
        Release();
        released.Dispose();
    }
}
