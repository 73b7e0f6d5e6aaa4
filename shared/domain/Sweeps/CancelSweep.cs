using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Sweeps;

/// <summary>Asks to stop a sweep.</summary>
public sealed record CancelSweep(string SweepId, string AccountId);

/// <summary>Cancels sweeps: one that waits at once; one that computes when its try sees the request, within about a second.</summary>
public sealed class CancelSweepHandler(IDocumentStore documents, SweepEnding ending, TimeProvider clock)
{
    /// <summary>The sweep as it stands: finished, also when it was before, or still running and asked to stop. May be repeated.</summary>
    public async Task<Result<SweepJob>> Handle(CancelSweep ask, CancellationToken ct)
    {
        if (!SweepId.TryParse(ask.SweepId, out var id) || id.Account != ask.AccountId)
            return new SweepNotFound();
        while (await SweepJob.Read(documents, id, ct) is { } found)
        {
            if (found.Value.IsFinished() || found.Value is { Status: SweepStatus.Running, CancelRequestedAt: not null })
                return found.Value;
            if (found.Value.Status == SweepStatus.Queued)
            {
                await ending.CancelWaiting(id, ct);
                continue;
            }
            var asked = found.Value with { CancelRequestedAt = clock.GetUtcNow() };
            var batch = new DocumentBatch(Containers.Accounts, id.Account).Replace(found.Id, asked, found.ETag);
            if ((await documents.Commit(batch, ct)).Succeeded)
                return asked;
        }
        return new SweepNotFound();
    }
}
