using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>
/// Ends whatever was subscribed for the upgrade, gives back all that was ever paid for it, and with it ends the upgrade. What there is, the
/// provider is asked: a charge may have been made of which nothing was heard.
/// </summary>
[DurableTask(Prefix + nameof(UpgradeAction.UndoPayment))]
public sealed class UndoPayment(UpgradeJournal journal, UpgradePayments upgradePayments, IPayments payments, SupportTickets tickets)
    : UpgradeActivity(journal, UpgradeAction.UndoPayment)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        var refunds = new List<PaymentRefund>();
        if (upgrade.Payment.CustomerId is { } customer)
        {
            foreach (var subscription in await payments.FindSubscriptions(customer, id.ToString(), ct))
                refunds.AddRange(await upgradePayments.EndAndGiveBack(id, subscription, ct));
        }
        if (upgrade.Ticket is { } answered)
            await tickets.Close(answered.TicketId, ct);
        await Journal.Record(id, new UpgradeEvent.PaymentUndone(refunds.FirstOrDefault()?.RefundId, refunds.Sum(refund => refund.Jpy)), ct);
    }
}
