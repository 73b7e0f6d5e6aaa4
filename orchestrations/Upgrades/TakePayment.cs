using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Subscribes to plan pro and takes the first payment; of a subscription that is there already it asks how it stands.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.TakePayment))]
public sealed class TakePayment(UpgradeJournal journal, UpgradePayments upgradePayments, IPayments payments)
    : UpgradeActivity(journal, UpgradeAction.TakePayment)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        if (upgrade.Payment.SubscriptionId is { } known)
        {
            await upgradePayments.Accept(id, await payments.ReadSubscription(known, ct) ?? new SubscriptionPayment.Ended(known), ct);
            return;
        }
        var begun = await Journal.Record(id, new UpgradeEvent.PaymentBegun(), ct);
        await upgradePayments.Accept(id, await upgradePayments.Subscribe(id, begun.Value.Payment, ct), ct);
    }
}
