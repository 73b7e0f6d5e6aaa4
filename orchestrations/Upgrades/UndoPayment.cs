using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Ends the subscription, gives all of the payment back, and with it ends the upgrade.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.UndoPayment))]
public sealed class UndoPayment(UpgradeJournal journal, UpgradePayments upgradePayments, IPayments payments, SupportTickets tickets)
    : UpgradeActivity(journal, UpgradeAction.UndoPayment)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        if (!upgrade.Payment.IsPaid)
            await Settle(id, upgrade.Payment, ct);
        var payment = (await Journal.Read(id, ct)).Payment;
        if (payment is { IsPaid: true, SubscriptionId: { } subscription })
            await payments.EndNow(subscription, ct);
        var refund = payment.PaymentId is { } paymentId ? await payments.RefundInFull(paymentId, $"{id}:refund", ct) : null;
        if (upgrade.Ticket is { } answered)
            await tickets.Close(answered.TicketId, ct);
        await Journal.Record(id, new UpgradeEvent.PaymentUndone(refund?.RefundId, refund?.Jpy ?? 0), ct);
    }

    /// <summary>
    /// Finds out what became of a charge that was asked for and never heard of, by asking with the same key, and ends what is unpaid.
    /// </summary>
    private async Task Settle(WorkspaceChangeId id, UpgradePayment payment, CancellationToken ct)
    {
        var subscription = payment.SubscriptionId;
        if (subscription is null && payment.BegunAt is not null)
            subscription = await SubscriptionOf(id, payment, ct);
        if (!string.IsNullOrEmpty(subscription))
            await upgradePayments.EndUnpaid(id, subscription, ct);
    }

    private async Task<string?> SubscriptionOf(WorkspaceChangeId id, UpgradePayment payment, CancellationToken ct)
    {
        try
        {
            return (await upgradePayments.Subscribe(id, payment, ct)).SubscriptionId;
        }
        catch (PaymentsException)
        {
            return null; // The provider does not take the call, whoever makes it when: there is nothing to end.
        }
    }
}
