using System.Buffers;
using Hexabase.Backtesting.Prices;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Sweeps;

/// <summary>How sweeps are executed; how often they are tried is <see cref="RunExecutionOptions"/>, as for runs.</summary>
/// <param name="Timeout">Longest try; a sweep that takes longer fails and is given back.</param>
/// <param name="Threads">How many threads one sweep computes on.</param>
public sealed record SweepExecutionOptions(TimeSpan Timeout, int Threads)
{
    /// <summary>One thread, so that a sweep of one lane does not take the cores from the runs of another.</summary>
    public static SweepExecutionOptions Default { get; } = new(TimeSpan.FromMinutes(5), Threads: 1);
}

/// <summary>Computes a search: <see cref="Sweep.Run"/>.</summary>
public delegate SweepOutcome SweepEngine(
    StrategyDefinition strategy, Candles candles, SweepDefinition search, int threads, Action<int> evaluated, CancellationToken ct);

/// <summary>
/// Executes sweeps that come from the queue. Every message may come more than once: a finished sweep is left as it is, and what a crashed
/// try left behind is overwritten with the same bytes.
/// </summary>
public sealed partial class ExecuteSweepHandler(
    IDocumentStore documents,
    IBlobStore blobs,
    RunInputs inputs,
    SweepEnding ending,
    JobQueue queue,
    SweepEngine engine,
    RunExecutionOptions tries,
    SweepExecutionOptions options,
    TimeProvider clock,
    ILogger<ExecuteSweepHandler> logger)
{
    /// <summary>Claims a sweep, computes it and ends it or puts it back; nothing for one that is unknown, finished or cancelled.</summary>
    public async Task Handle(JobMessage message, CancellationToken ct)
    {
        if (!SweepId.TryParse(message.SweepId, out var id))
        {
            LogUnknown(logger, message.SweepId);
            return;
        }
        if (await queue.Claim<SweepJob>(id.Account, SweepJob.DocumentId(id), found => EndInstead(id, found, ct), ct) is not { } sweep)
            return;

        using var span = Telemetry.StartJob("sweep.execute", message.TraceParent);
        span?.SetTag("sweep.id", message.SweepId);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Timeout);
        try
        {
            await Execute(id, sweep, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            await ending.FailAndRefund(id, "TIMED_OUT", $"The sweep took more than {options.Timeout.TotalSeconds} s.", ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            await TryAgainLater(id, sweep, e, ct);
        }
    }

    /// <summary>Ends a sweep that was cancelled while a try failed or the process was gone, and one that was tried too often.</summary>
    private async Task<bool> EndInstead(SweepId id, SweepJob sweep, CancellationToken ct)
    {
        if (sweep.CancelRequestedAt is not null)
            await ending.Cancel(id, evaluated: 0, ct);
        else if (sweep.Attempt >= tries.MostAttempts)
            await ending.FailAndRefund(id, "ATTEMPTS_EXHAUSTED", $"The sweep was given up after {tries.MostAttempts} tries.", ct);
        else
            return false;
        return true;
    }

    private async Task Execute(SweepId id, SweepJob sweep, CancellationToken ct)
    {
        using var memory = await inputs.ReserveForSweep(sweep.DatasetHash, sweep.Evaluations, ct);
        if (await inputs.Strategy(sweep.Sid, sweep.Version, sweep.CodeHash, ct) is not { } strategy)
            await ending.FailAndRefund(id, "STRATEGY_GONE", "The strategy was removed before the sweep began.", ct);
        else if (await inputs.Candles(sweep.DatasetHash, ct) is not { } candles)
            await ending.FailAndRefund(id, "DATASET_GONE", "The dataset's content could not be found.", ct);
        else
            await Compute(id, sweep, strategy, candles, await ReadSearch(id, strategy, ct), ct);
    }

    private async Task<SweepDefinition> ReadSearch(SweepId id, StrategyDefinition strategy, CancellationToken ct)
    {
        var stored = await documents.Read<SweepSearch>(Containers.Accounts, id.Account, SweepSearch.DocumentId(id), ct)
            ?? throw new InvalidOperationException($"Sweep {id} has no search.");
        return SweepDefinition.Parse(stored.Value.Search, strategy).Succeeded(out var search)
            ? search
            : throw new InvalidOperationException($"The stored search of sweep {id} is none.");
    }

    private async Task Compute(
        SweepId id, SweepJob sweep, StrategyDefinition strategy, Candles candles, SweepDefinition search, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var progress = new SweepProgress(documents, id, sweep.Attempt, clock, logger);
        var computing = Task.Run(
            () => engine(strategy, candles, search, options.Threads, progress.Report, stop.Token), CancellationToken.None);
        var interruption = await progress.Follow(computing, ct);
        if (interruption == SweepInterruption.None)
        {
            await Record(id, sweep, await computing, ct);
            return;
        }
        await stop.CancelAsync();
        await Task.WhenAny(computing); // However it ends, nobody wants its outcome any more.
        if (interruption == SweepInterruption.Cancelled)
            await ending.Cancel(id, progress.Evaluated, ct);
    }

    private async Task Record(SweepId id, SweepJob sweep, SweepOutcome outcome, CancellationToken ct)
    {
        switch (outcome)
        {
            case SweepOutcome.Completed { Result: var result }:
                var json = new ArrayBufferWriter<byte>(64 << 10);
                result.WriteCanonicalJson(json, sweep.CodeHash, sweep.DatasetHash);
                var path = $"sweeps/{sweep.Sid}/{sweep.SweepId}.json";
                await blobs.Put(path, json.WrittenMemory, "application/json", ct);
                await ending.Succeed(id, path, result.Best.Count > 0 ? result.Best[0] : null, ct);
                break;
            case SweepOutcome.Failed failed:
                await ending.FailByAuthor(id, failed.Code, failed.Reason, failed.Measured, ct);
                break;
        }
    }

    /// <summary>Puts the sweep back in the queue with a wait; after the last try it fails and what it took is given back.</summary>
    private async Task TryAgainLater(SweepId id, SweepJob sweep, Exception cause, CancellationToken ct)
    {
        LogTryAgain(logger, cause, sweep.SweepId, sweep.Attempt);
        if (sweep.Attempt >= tries.MostAttempts)
        {
            await ending.FailAndRefund(id, "PLATFORM_ERROR", $"The platform could not execute the sweep in {sweep.Attempt} tries.", ct);
            return;
        }
        await queue.TryAgain<SweepJob>(id.Account, SweepJob.DocumentId(id), sweep.Attempt, tries.DelayAfter(sweep.Attempt), ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A message names sweep {SweepId}, which is no id of a sweep; it is dropped")]
    private static partial void LogUnknown(ILogger logger, string? sweepId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {SweepId} could not be executed at try {Attempt}")]
    private static partial void LogTryAgain(ILogger logger, Exception cause, string sweepId, int attempt);
}
