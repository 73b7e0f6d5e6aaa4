using Hexabase.Domain.Billing;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>What the steps of an upgrade that pay, and pay back, have in common.</summary>
public sealed class UpgradePayments(IPayments payments, UpgradeJournal journal, Plans plans)
{
    private static readonly PaymentRefusal Expired = new("payment_expired", DeclineCode: null, "The payment was not finished in time.");

    /// <summary>Records how a payment method stands.</summary>
    public Task Accept(WorkspaceChangeId id, PaymentMethodSetup setup, CancellationToken ct) => journal.Record(
        id,
        setup switch
        {
            PaymentMethodSetup.NeedsAuthentication asked => new UpgradeEvent.MethodNeedsAuthentication(asked.SetupId, asked.ClientSecret),
            PaymentMethodSetup.Refused refused => new UpgradeEvent.PaymentRefused(refused.Refusal),
            PaymentMethodSetup.Ready ready => new UpgradeEvent.MethodAccepted(ready.PaymentMethod),
            _ => throw new InvalidOperationException($"A payment method is {setup.GetType().Name}."),
        },
        ct);

    /// <summary>Records how a payment stands. One that was refused is ended first, so that nothing of it can be charged later.</summary>
    public async Task Accept(WorkspaceChangeId id, SubscriptionPayment payment, CancellationToken ct)
    {
        if (payment is SubscriptionPayment.Refused { SubscriptionId.Length: > 0 })
            await payments.EndNow(payment.SubscriptionId, ct);
        await journal.Record(
            id,
            payment switch
            {
                SubscriptionPayment.Paid paid => Taken(paid),
                SubscriptionPayment.NeedsAuthentication asked =>
                    new UpgradeEvent.PaymentNeedsAuthentication(asked.SubscriptionId, asked.ClientSecret),
                SubscriptionPayment.Processing processing => new UpgradeEvent.PaymentProcessing(processing.SubscriptionId),
                SubscriptionPayment.Refused refused => new UpgradeEvent.PaymentRefused(refused.Refusal),
                _ => new UpgradeEvent.PaymentRefused(Expired),
            },
            ct);
    }

    /// <summary>Asks for the charge, with the same key as before while the attempt is the same.</summary>
    public Task<SubscriptionPayment> Subscribe(WorkspaceChangeId id, UpgradePayment payment, CancellationToken ct) => payments.Subscribe(
        new NewSubscription(payment.CustomerId!, id.Account, plans.Workspaces.Pro.Price!, payment.Chargeable!, id.ToString()),
        $"{id}:subscribe:{payment.Attempt}",
        ct);

    /// <summary>Ends a subscription that is not paid; one that is paid after all is recorded as that.</summary>
    public async Task EndUnpaid(WorkspaceChangeId id, string subscriptionId, CancellationToken ct)
    {
        if (await payments.ReadSubscription(subscriptionId, ct) is SubscriptionPayment.Paid paid)
        {
            await journal.Record(id, Taken(paid), ct);
            return;
        }
        await payments.EndNow(subscriptionId, ct);
        await journal.Record(id, new UpgradeEvent.UnpaidEnded(subscriptionId), ct);
    }

    private static UpgradeEvent.PaymentTaken Taken(SubscriptionPayment.Paid paid) =>
        new(paid.SubscriptionId, paid.PaymentId, paid.InvoiceId, paid.Jpy, paid.PeriodEnd);
}
