using Hexabase.Domain.Accounts;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Downgrades;

/// <summary>There is nothing to take back.</summary>
public sealed record NoDowngradePending() : Refusal(
    RefusalKind.NotFound, "NO_DOWNGRADE_PENDING", "No downgrade waits for the end of the paid period.");

/// <summary>The paid period is over and the workspace goes back.</summary>
public sealed record DowngradeHasBegun() : Refusal(
    RefusalKind.Conflict,
    "DOWNGRADE_HAS_BEGUN",
    "The paid period is over: the downgrade cannot be taken back. Upgrade again when it is done.");

/// <summary>Takes the downgrade back that waits for the end of the paid period.</summary>
public sealed class WithdrawDowngradeHandler(IDocumentStore documents, DowngradeJournal journal, IWorkspaceSagas sagas)
{
    /// <summary>The downgrade, which is withdrawn as soon as the payment provider knows of it. May be repeated until then.</summary>
    public async Task<Result<Downgrade>> Handle(string accountId, CancellationToken ct)
    {
        if (await Workspace.Read(documents, accountId, ct) is not { Value: var workspace })
            return new AccountGone();
        if (!WorkspaceChangeId.TryParse(workspace.PendingDowngrade, out var id))
        {
            return WorkspaceChangeId.TryParse(workspace.RunningChange, out var running) && running.Kind == WorkspaceChangeKind.Downgrade
                ? new DowngradeHasBegun()
                : new NoDowngradePending();
        }
        var recorded = await journal.Record(id, new DowngradeEvent.WithdrawalAsked(), ct, by: accountId);
        if (recorded.Refusal is not null)
            return new DowngradeHasBegun();
        await sagas.Raise(id.ToString(), SagaEvents.Withdrawn, ct);
        return recorded.Value;
    }
}
