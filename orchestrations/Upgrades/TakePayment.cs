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
            var present = await payments.ReadSubscription(known, ct) ?? new SubscriptionPayment.Ended(known);
            await upgradePayments.Accept(id, upgrade.Payment.Attempt, present, ct);
            return;
        }
        var payment = (await Journal.Record(id, new UpgradeEvent.PaymentBegun(), ct)).Value.Payment;
        var subscription = new NewSubscription(payment.CustomerId!, id.Account, payment.Price, payment.Chargeable!, id.ToString());
        var made = await payments.Subscribe(subscription, $"{id}:subscribe:{payment.Attempt}", ct);
        await upgradePayments.Accept(id, payment.Attempt, made, ct);
    }
}
