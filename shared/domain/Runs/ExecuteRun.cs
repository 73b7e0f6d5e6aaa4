using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Operations;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Runs;

/// <summary>How often a run is tried, and how long one try may take.</summary>
/// <param name="MostAttempts">Tries before the run fails for good, crashes of the process included.</param>
/// <param name="FirstDelay">Wait before the second try; doubles from try to try.</param>
/// <param name="Timeout">Longest try, from reading the inputs to recording the outcome.</param>
public sealed record RunExecutionOptions(int MostAttempts, TimeSpan FirstDelay, TimeSpan Timeout)
{
    public static RunExecutionOptions Default { get; } = new(5, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));

    /// <summary>The wait after try number <paramref name="attempt"/>, counted from 1.</summary>
    public TimeSpan DelayAfter(int attempt) => FirstDelay * Math.Pow(2, Math.Clamp(attempt - 1, 0, 10));
}

/// <summary>
/// Executes runs that come from the queue. Every message may come more than once: a finished run is left as it is, and what a
/// crashed try left behind is overwritten with the same bytes.
/// </summary>
public sealed partial class ExecuteRunHandler(
    IDocumentStore documents,
    IBlobStore blobs,
    RunInputs inputs,
    IResultSigner signer,
    RunEnding ending,
    JobQueue queue,
    RunExecutionOptions options,
    ILogger<ExecuteRunHandler> logger)
{
    /// <summary>
    /// Claims a run, computes it, stores the result and ends it, or puts it back. Nothing for one that is unknown, finished or tried too
    /// often.
    /// </summary>
    public async Task Handle(JobMessage message, CancellationToken ct)
    {
        if (!RunId.TryParse(message.RunId, out var id))
        {
            LogUnknown(logger, message.RunId);
            return;
        }
        if (await queue.Claim<Run>(id.Account, Run.DocumentId(id), run => EndIfTriedTooOften(id, run, ct), ct) is not { } run)
            return;
        if (run.Attempt == 1)
            Objective.RunStart.Measure(run.StartedAt!.Value - run.CreatedAt, tags: Telemetry.OfLane(run.Queue));

        using var span = Telemetry.StartJob("run.execute", message.TraceParent);
        span?.SetTag("run.id", message.RunId);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(options.Timeout);
        try
        {
            await Record(id, run, await Compute(run, deadline.Token), deadline.Token, ct);
        }
        catch (Exception e) when (!IsShutdown(e, ct))
        {
            await TryAgainLater(id, run, e, ct);
        }
    }

    private async Task<bool> EndIfTriedTooOften(RunId id, Run run, CancellationToken ct)
    {
        if (run.Attempt < options.MostAttempts)
            return false;
        await ending.FailAndRefund(id, "ATTEMPTS_EXHAUSTED", $"The run was given up after {options.MostAttempts} tries.", ct);
        return true;
    }

    private async Task<RunOutcome> Compute(Run run, CancellationToken deadline)
    {
        var fingerprint = StoredResult.Fingerprint(run.CodeHash, run.DatasetHash, run.Seed);
        var stored = await StoredResult.Read(documents, fingerprint, deadline);
        if (stored is not null && stored.IsSignedBy(signer.Keys) && await blobs.Exists(stored.ResultPath, deadline))
            return new RunOutcome.Reused(stored);

        using var memory = await inputs.Reserve(run.DatasetHash, deadline);
        if (await inputs.Strategy(run.Sid, run.Version, run.CodeHash, deadline) is not { } strategy)
            return new RunOutcome.Lost("STRATEGY_GONE", "The strategy was removed before the run began.");
        if (await inputs.Candles(run.DatasetHash, deadline) is not { } candles)
            return new RunOutcome.Lost("DATASET_GONE", "The dataset's content could not be found.");
        try
        {
            // A stored result whose content is gone is written again where it was, for the earlier runs that point there.
            return RunOutcome.Compute(strategy, candles, run, stored?.ResultPath ?? StoredResult.PathFor(run), deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new RunOutcome.Lost("TIMED_OUT", $"The run took more than {options.Timeout.TotalSeconds} s.");
        }
    }

    /// <param name="deadline">For what may be done again by another try; how the run ends for good is recorded in any case.</param>
    private async Task Record(RunId id, Run run, RunOutcome outcome, CancellationToken deadline, CancellationToken ct)
    {
        switch (outcome)
        {
            case RunOutcome.Computed computed:
                var signing = Task.Run(() => signer.Sign(computed.Json.Span), deadline); // While the blob is on its way.
                await blobs.Put(computed.ResultPath, computed.Json, "application/json", deadline);
                var result = new StoredResult(computed.ResultPath, computed.Metrics, await signing);
                await Task.WhenAll(ending.Succeed(id, result, deadline), StoredResult.Remember(documents, run, result, deadline));
                break;
            case RunOutcome.Reused reused:
                await ending.Succeed(id, reused.Result, deadline);
                break;
            case RunOutcome.AuthorError error:
                await ending.FailByAuthor(id, error.Code, error.Detail, ct);
                break;
            case RunOutcome.Lost lost:
                await ending.FailAndRefund(id, lost.Code, lost.Detail, ct);
                break;
        }
    }

    /// <summary>
    /// Puts the run back in the queue with a wait, as a new message, so that it does not block its slot; after the last try it fails and
    /// what it took is given back.
    /// </summary>
    private async Task TryAgainLater(RunId id, Run run, Exception cause, CancellationToken ct)
    {
        LogTryAgain(logger, cause, run.RunId, run.Attempt);
        if (run.Attempt >= options.MostAttempts)
        {
            await ending.FailAndRefund(id, "PLATFORM_ERROR", $"The platform could not execute the run in {run.Attempt} tries.", ct);
            return;
        }
        await queue.TryAgain<Run>(id.Account, Run.DocumentId(id), run.Attempt, options.DelayAfter(run.Attempt), ct);
    }

    /// <summary>The host is taking the invocation back: the message stays in the queue and comes again.</summary>
    private static bool IsShutdown(Exception e, CancellationToken ct) => e is OperationCanceledException && ct.IsCancellationRequested;

    [LoggerMessage(Level = LogLevel.Error, Message = "A message names run {RunId}, which is no id of a run; it is dropped")]
    private static partial void LogUnknown(ILogger logger, string? runId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} could not be executed at try {Attempt}")]
    private static partial void LogTryAgain(ILogger logger, Exception cause, string runId, int attempt);
}
