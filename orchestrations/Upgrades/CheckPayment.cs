using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Asks the provider how what the owner authenticates stands.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.CheckPayment))]
public sealed class CheckPayment(UpgradeJournal journal, UpgradePayments upgradePayments, IPayments payments)
    : UpgradeActivity(journal, UpgradeAction.AwaitPayment)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        if (upgrade.WaitingFor?.Kind == WaitingKind.PaymentMethod)
            return;
        var attempt = upgrade.Payment.Attempt;
        if (upgrade.Payment.SubscriptionId is { } known)
            await upgradePayments.Accept(id, attempt, await payments.ReadSubscription(known, ct) ?? new SubscriptionPayment.Ended(known), ct);
        else if (upgrade.Payment.SetupId is { } setup)
            await upgradePayments.Accept(id, attempt, await payments.ReadSetup(setup, ct), ct);
    }
}
