using Hexabase.Backtesting.Sweeps.Results;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;

namespace Hexabase.Domain.Sweeps;

/// <summary>
/// The last change of a sweep, with what it gives back in the same commit. Each ending happens once: whoever comes second finds the sweep
/// finished and changes nothing.
/// </summary>
public sealed class SweepEnding(IDocumentStore documents, Plans plans, KeyedLock locks, TimeProvider clock) : IJobEnding
{
    private readonly Refunds refunds = new(documents, plans);

    public string DocumentPrefix => SweepJob.IdPrefix;

    /// <summary>Ends a sweep with a result.</summary>
    public Task Succeed(SweepId id, string resultPath, BestSet? best, CancellationToken ct) => End(
        id,
        sweep => sweep with { Status = SweepStatus.Succeeded, Evaluated = sweep.Evaluations, ResultPath = resultPath, Best = best },
        runsBack: _ => 0,
        ct);

    /// <summary>
    /// Ends a sweep that failed on its author's error after so many backtests: the runs they used up are not given back (product rule 5).
    /// </summary>
    public Task FailByAuthor(SweepId id, string code, string detail, int measured, CancellationToken ct) => End(
        id,
        sweep => Failed(
            sweep with { Evaluated = measured }, new JobFailure(code, detail, Refunded: measured < plans.Sweep.EvaluationsPerRun)),
        runsBack: runs => plans.Sweep.RunsNotUsed(runs, measured),
        ct);

    /// <summary>Ends a sweep that failed for a reason that is not the author's, and gives back all it took.</summary>
    public Task FailAndRefund(SweepId id, string code, string detail, CancellationToken ct) =>
        End(id, sweep => Failed(sweep, new JobFailure(code, detail, Refunded: true)), runsBack: runs => runs, ct);

    /// <summary>
    /// Ends a sweep that its owner cancelled after so many backtests of the present try, and gives back the runs they did not use up.
    /// </summary>
    public Task Cancel(SweepId id, int evaluated, CancellationToken ct) => End(
        id,
        sweep => sweep with { Status = SweepStatus.Cancelled, Evaluated = evaluated },
        runsBack: runs => plans.Sweep.RunsNotUsed(runs, evaluated),
        ct);

    /// <summary>Ends a sweep that waits to be executed, and gives back all it took; one that is being executed is left alone.</summary>
    public Task CancelWaiting(SweepId id, CancellationToken ct) => End(
        id,
        sweep => sweep.Status == SweepStatus.Queued ? sweep with { Status = SweepStatus.Cancelled } : null,
        runsBack: runs => runs,
        ct);

    public Task GiveUp(string accountId, string serial, CancellationToken ct) =>
        FailAndRefund(new SweepId(accountId, serial), "TIMED_OUT", "The sweep was not executed within a day.", ct);

    public Task SendAgain(JobQueue queue, string accountId, string documentId, CancellationToken ct) =>
        queue.SendOverdue<SweepJob>(accountId, documentId, ct);

    private static SweepJob Failed(SweepJob sweep, JobFailure failure) => sweep with { Status = SweepStatus.Failed, Failure = failure };

    /// <param name="end">The sweep as it ends; null to leave it as it is.</param>
    /// <param name="runsBack">How many of the runs it took are given back.</param>
    private async Task End(SweepId id, Func<SweepJob, SweepJob?> end, Func<int, int> runsBack, CancellationToken ct)
    {
        using var turn = await locks.Enter(id.Account, ct);
        while (await SweepJob.Read(documents, id, ct) is { } found && !found.Value.IsFinished() && end(found.Value) is { } ended)
        {
            var now = clock.GetUtcNow();
            var back = PaidRuns.Last(ended.Paid, runsBack(ended.Paid.Sum(paid => paid.Runs)));
            ended = ended with { FinishedAt = now, WatchUntil = null, GivenBack = back.Count > 0 ? back : null };
            var batch = new DocumentBatch(Containers.Accounts, id.Account).Replace(found.Id, ended, found.ETag);
            if (back.Count > 0)
                await GiveBack(batch, id, ended, back, now, ct);
            if (!(await documents.Commit(batch, ct)).Succeeded)
                continue;
            Telemetry.SweepsFinished.Add(1, Telemetry.OfLane(ended.Queue), Telemetry.OfStatus(ended.Status));
            return;
        }
    }

    private async Task GiveBack(
        DocumentBatch batch, SweepId id, SweepJob sweep, IReadOnlyList<PaidRuns> back, DateTimeOffset now, CancellationToken ct)
    {
        await refunds.AddTo(batch, back, sweep.UsageMonth, now, ct);
        foreach (var paid in back)
        {
            batch.Create(
                LedgerEntry.SweepRefundDocumentId(id.Serial, paid.Charge),
                LedgerEntry.ForSweepRefund(paid, sweep.UsageMonth, sweep.SweepId, now, sweep.CorrelationId));
        }
    }
}
