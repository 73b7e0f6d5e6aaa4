using Hexabase.Domain;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>What the steps of an upgrade that pay, and pay back, have in common.</summary>
public sealed class UpgradePayments(IPayments payments, UpgradeJournal journal)
{
    private static readonly PaymentRefusal Expired = new("payment_expired", DeclineCode: null, "The payment was not finished in time.");

    /// <summary>Records how a payment method stands.</summary>
    /// <param name="attempt">The one that the answer is about.</param>
    public Task Accept(WorkspaceChangeId id, int attempt, PaymentMethodSetup setup, CancellationToken ct) => journal.Record(
        id,
        setup switch
        {
            PaymentMethodSetup.NeedsAuthentication asked =>
                new UpgradeEvent.MethodNeedsAuthentication(attempt, asked.SetupId, asked.ClientSecret),
            PaymentMethodSetup.Refused refused => new UpgradeEvent.PaymentRefused(attempt, refused.Refusal),
            PaymentMethodSetup.Ready ready => new UpgradeEvent.MethodAccepted(attempt, ready.PaymentMethod),
            _ => throw new InvalidOperationException($"A payment method is {setup.GetType().Name}."),
        },
        ct);

    /// <summary>Records how a payment stands. One that was refused is ended first, so that nothing of it can be charged later.</summary>
    /// <param name="attempt">The one that the answer is about.</param>
    public async Task Accept(WorkspaceChangeId id, int attempt, SubscriptionPayment payment, CancellationToken ct)
    {
        switch (payment)
        {
            case SubscriptionPayment.Paid paid:
                await RecordTaken(id, paid, ct);
                break;
            case SubscriptionPayment.NeedsAuthentication asked:
                var authentication = new UpgradeEvent.PaymentNeedsAuthentication(attempt, asked.SubscriptionId, asked.ClientSecret);
                await journal.Record(id, authentication, ct);
                break;
            case SubscriptionPayment.Processing processing:
                await journal.Record(id, new UpgradeEvent.PaymentProcessing(attempt, processing.SubscriptionId), ct);
                break;
            default:
                if (payment.SubscriptionId.Length > 0)
                    await EndAndGiveBack(id, payment.SubscriptionId, ct);
                var refusal = payment is SubscriptionPayment.Refused refused ? refused.Refusal : Expired;
                await journal.Record(id, new UpgradeEvent.PaymentRefused(attempt, refusal), ct);
                break;
        }
    }

    /// <summary>Ends a subscription that is not paid; one that is paid after all is recorded as that.</summary>
    /// <exception cref="DependencyUnavailableException">Its payment is just being made.</exception>
    public async Task EndUnpaid(WorkspaceChangeId id, string subscriptionId, CancellationToken ct)
    {
        switch (await payments.ReadSubscription(subscriptionId, ct))
        {
            case SubscriptionPayment.Paid paid:
                await RecordTaken(id, paid, ct);
                break;
            case SubscriptionPayment.Processing:
                throw new DependencyUnavailableException($"The payment of {subscriptionId} is under way.");
            default:
                var refunds = await EndAndGiveBack(id, subscriptionId, ct);
                await journal.Record(id, new UpgradeEvent.UnpaidEnded(subscriptionId, refunds.Sum(refund => refund.Jpy)), ct);
                break;
        }
    }

    /// <summary>Ends a subscription and gives back whatever was paid for it: also what came between the last look and the end.</summary>
    public async Task<IReadOnlyList<PaymentRefund>> EndAndGiveBack(WorkspaceChangeId id, string subscriptionId, CancellationToken ct)
    {
        var refunds = new List<PaymentRefund>();
        foreach (var payment in await payments.EndNow(subscriptionId, ct))
            refunds.Add(await payments.RefundInFull(payment.PaymentId, $"{id}:refund:{payment.PaymentId}", ct));
        return refunds;
    }

    private async Task RecordTaken(WorkspaceChangeId id, SubscriptionPayment.Paid paid, CancellationToken ct)
    {
        var taken = new UpgradeEvent.PaymentTaken(paid.SubscriptionId, paid.PaymentId, paid.InvoiceId, paid.Jpy, paid.PeriodEnd);
        var recorded = await journal.Record(id, taken, ct);
        if (recorded.Refusal is { } reason)
            throw new InvalidOperationException($"Payment {paid.PaymentId} is not on record: {reason}");
    }
}
