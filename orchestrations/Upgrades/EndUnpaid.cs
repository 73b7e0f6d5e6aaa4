using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Ends an upgrade that was not paid for. Money that came in the last moment is given back, on the way back.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.EndUnpaid))]
public sealed class EndUnpaid(UpgradeJournal journal, UpgradePayments upgradePayments) : UpgradeActivity(journal, UpgradeAction.EndUnpaid)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        await Journal.Record(id, new UpgradeEvent.CancelAsked("The payment was not answered in time."), ct);
        if (upgrade.Payment.SubscriptionId is { } unfinished)
            await upgradePayments.EndUnpaid(id, unfinished, ct);
        if (!(await Journal.Read(id, ct)).Payment.IsPaid)
            await Journal.Record(id, new UpgradeEvent.Cancelled(), ct);
    }
}
