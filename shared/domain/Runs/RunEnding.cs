using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Operations;

namespace Hexabase.Domain.Runs;

/// <summary>
/// The last change of a run, with what it gives back in the same commit. Each ending happens once: whoever comes second finds the run
/// finished and changes nothing.
/// </summary>
public sealed class RunEnding(IDocumentStore documents, RunInputs inputs, Plans plans, KeyedLock locks, TimeProvider clock) : IJobEnding
{
    /// <summary>
    /// Most candles of a run that <see cref="Objective.SmallRun"/> covers: more than fifteen years of hours, or three months of minutes.
    /// </summary>
    public const long MostCandlesOfSmallRun = 100_000;

    private readonly Refunds refunds = new(documents, plans);

    public string DocumentPrefix => Run.IdPrefix;

    /// <summary>Ends a run with a result, and makes it the strategy's newest one unless a newer run already is.</summary>
    public Task Succeed(RunId id, StoredResult result, CancellationToken ct) => End(
        id,
        run => run with
        {
            Status = RunStatus.Succeeded,
            ResultPath = result.ResultPath,
            Metrics = result.Metrics,
            Jws = result.Jws,
        },
        (batch, run, _) => PointReportHere(batch, id, run, ct),
        ct);

    /// <summary>Ends a run that failed on its author's error: what it took is not given back (product rule 5).</summary>
    public Task FailByAuthor(RunId id, string code, string detail, CancellationToken ct) =>
        End(id, run => Failed(run, new JobFailure(code, detail, Refunded: false)), (_, _, _) => Task.CompletedTask, ct);

    /// <summary>Ends a run that failed for a reason that is not the author's, and gives back what it took.</summary>
    public async Task FailAndRefund(RunId id, string code, string detail, CancellationToken ct)
    {
        // Only this ending changes the quota, which the account's requests change too.
        using var turn = await locks.Enter(id.Account, ct);
        await End(
            id,
            run => Failed(run, new JobFailure(code, detail, Refunded: true)),
            (batch, run, now) => GiveBack(batch, id, run, now, ct),
            ct);
    }

    public Task GiveUp(string accountId, string serial, CancellationToken ct) =>
        FailAndRefund(new RunId(accountId, serial), "TIMED_OUT", "The run was not executed within a day.", ct);

    public Task SendAgain(JobQueue queue, string accountId, string documentId, CancellationToken ct) =>
        queue.SendOverdue<Run>(accountId, documentId, ct);

    private static Run Failed(Run run, JobFailure failure) => run with { Status = RunStatus.Failed, Failure = failure };

    /// <param name="end">The run as it ends.</param>
    /// <param name="add">Adds what ends with it to the commit.</param>
    private async Task End(
        RunId id, Func<Run, Run> end, Func<DocumentBatch, Run, DateTimeOffset, Task> add, CancellationToken ct)
    {
        while (await Run.Read(documents, id, ct) is { } found && !found.Value.IsFinished())
        {
            var candles = await inputs.CandleCount(found.Value.DatasetHash, ct);
            var now = clock.GetUtcNow();
            var ended = end(found.Value) with { FinishedAt = now, WatchUntil = null };
            var batch = new DocumentBatch(Containers.Accounts, id.Account).Replace(found.Id, ended, found.ETag);
            await add(batch, ended, now);
            if (!(await documents.Commit(batch, ct)).Succeeded)
                continue;
            Measure(ended, clock.GetUtcNow() - ended.CreatedAt, isSmall: candles <= MostCandlesOfSmallRun);
            return;
        }
    }

    private static void Measure(Run ended, TimeSpan took, bool isSmall)
    {
        var lane = Telemetry.OfLane(ended.Queue);
        Telemetry.RunsFinished.Add(1, lane, new("status", ended.Status == RunStatus.Succeeded ? "succeeded" : "failed"));
        Telemetry.RunDuration.Record(took.TotalSeconds, lane);
        if (isSmall)
            Objective.SmallRun.Measure(took, isGood: ended.Failure is not { Refunded: true }, lane);
    }

    private Task GiveBack(DocumentBatch batch, RunId id, Run run, DateTimeOffset now, CancellationToken ct)
    {
        batch.Create(
            LedgerEntry.RefundDocumentId(id.Serial),
            LedgerEntry.ForRefund(run.Charge, run.UsageMonth, run.RunId, now, run.CorrelationId));
        return refunds.AddTo(batch, [new PaidRuns(run.Charge, 1)], run.UsageMonth, now, ct);
    }

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
