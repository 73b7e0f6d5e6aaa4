using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Runs;

/// <summary>
/// The last change of a run. Each ending happens once: whoever comes second finds the run finished and changes nothing.
/// </summary>
public sealed class RunEnding(IDocumentStore documents, Plans plans, KeyedLock locks, TimeProvider clock)
{
    private readonly Refunds refunds = new(documents, plans);

    /// <summary>Ends a run with a result, and makes it the strategy's newest one unless a newer run already is.</summary>
    public async Task Succeed(RunId id, StoredResult result, CancellationToken ct)
    {
        while (true)
        {
            if (await ReadUnfinished(id, ct) is not { } found)
                return;
            var run = found.Value;
            var batch = new DocumentBatch(Containers.Accounts, id.Account).Replace(
                found.Id,
                run with
                {
                    Status = RunStatus.Succeeded,
                    FinishedAt = clock.GetUtcNow(),
                    ResultPath = result.ResultPath,
                    Metrics = result.Metrics,
                    Jws = result.Jws,
                    WatchUntil = null,
                },
                found.ETag);
            await PointReportHere(batch, id, run, ct);
            if (await TryEnd(batch, run, RunStatus.Succeeded, ct))
                return;
        }
    }

    /// <summary>Ends a run that failed on its author's error: what it took is not given back (product rule 5).</summary>
    public async Task FailByAuthor(RunId id, string code, string detail, CancellationToken ct)
    {
        while (true)
        {
            if (await ReadUnfinished(id, ct) is not { } found)
                return;
            var batch = new DocumentBatch(Containers.Accounts, id.Account)
                .Replace(found.Id, Failed(found.Value, new RunFailure(code, detail, Refunded: false)), found.ETag);
            if (await TryEnd(batch, found.Value, RunStatus.Failed, ct))
                return;
        }
    }

    /// <summary>Ends a run that failed for a reason that is not the author's and gives back what it took, in one commit.</summary>
    public async Task FailAndRefund(RunId id, string code, string detail, CancellationToken ct)
    {
        using var turn = await locks.Enter(id.Account, ct);
        while (true)
        {
            if (await ReadUnfinished(id, ct) is not { } found)
                return;
            var (run, now) = (found.Value, clock.GetUtcNow());
            var batch = new DocumentBatch(Containers.Accounts, id.Account)
                .Replace(found.Id, Failed(run, new RunFailure(code, detail, Refunded: true)), found.ETag)
                .Create(
                    LedgerEntry.RefundDocumentId(id.Serial),
                    LedgerEntry.ForRefund(run.Charge, run.UsageMonth, run.RunId, now, run.CorrelationId));
            await refunds.AddTo(batch, [new PaidRuns(run.Charge, 1)], run.UsageMonth, now, ct);
            if (await TryEnd(batch, run, RunStatus.Failed, ct))
                return;
        }
    }

    /// <summary>False when something else changed first and everything must be read again.</summary>
    private async Task<bool> TryEnd(DocumentBatch batch, Run run, RunStatus status, CancellationToken ct)
    {
        if (!(await documents.Commit(batch, ct)).Succeeded)
            return false;
        var lane = Telemetry.OfLane(run.Queue);
        var ended = new KeyValuePair<string, object?>("status", status == RunStatus.Succeeded ? "succeeded" : "failed");
        Telemetry.RunsFinished.Add(1, lane, ended);
        Telemetry.RunDuration.Record((clock.GetUtcNow() - run.CreatedAt).TotalSeconds, lane);
        return true;
    }

    private Run Failed(Run run, RunFailure failure) =>
        run with { Status = RunStatus.Failed, FinishedAt = clock.GetUtcNow(), Failure = failure, WatchUntil = null };

    private async Task<Document<Run>?> ReadUnfinished(RunId id, CancellationToken ct) =>
        await Run.Read(documents, id, ct) is { } found && !found.Value.IsFinished() ? found : null;

    private async Task PointReportHere(DocumentBatch batch, RunId id, Run run, CancellationToken ct)
    {
        var pointer = LatestRun.SucceededDocumentId(run.Sid);
        var shown = await documents.Read<LatestRun>(Containers.Accounts, id.Account, pointer, ct);
        if (shown is null)
            batch.Create(pointer, new LatestRun(run.RunId));
        else if (string.CompareOrdinal(shown.Value.RunId, run.RunId) < 0)
            batch.Replace(pointer, new LatestRun(run.RunId), shown.ETag);
    }
}
