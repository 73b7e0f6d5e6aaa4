using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Makes the owner's payment method one that can be charged, after ending what was begun with another.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.SetUpPaymentMethod))]
public sealed class SetUpPaymentMethod(UpgradeJournal journal, UpgradePayments upgradePayments, IPayments payments, IDocumentStore documents)
    : UpgradeActivity(journal, UpgradeAction.SetUpPaymentMethod)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        if (upgrade.Payment.SubscriptionId is { } unfinished)
        {
            await upgradePayments.EndUnpaid(id, unfinished, ct);
            if ((await Journal.Read(id, ct)).Payment.IsPaid)
                return;
        }
        var customer = upgrade.Payment.CustomerId ?? await NewCustomer(id, ct);
        var key = $"{id}:method:{upgrade.Payment.Attempt}";
        var setup = await payments.SetUpMethod(customer, upgrade.Payment.Method, key, ct);
        await upgradePayments.Accept(id, upgrade.Payment.Attempt, setup, ct);
    }

    private async Task<string> NewCustomer(WorkspaceChangeId id, CancellationToken ct)
    {
        var user = await User.Read(documents, id.Account, ct) ?? throw new InvalidOperationException($"Account {id.Account} has no profile.");
        var customer = new PaymentCustomer(id.Account, user.Value.VerifiedEmail, user.Value.DisplayName);

        // The key is the account's: two upgrades of it, the first of which was lost here, make one customer.
        var customerId = await payments.CreateCustomer(customer, $"{id.Account}:customer", ct);
        await Journal.Record(id, new UpgradeEvent.CustomerKnown(customerId), ct);
        return customerId;
    }
}
