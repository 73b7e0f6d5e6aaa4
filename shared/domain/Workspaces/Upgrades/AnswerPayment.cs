using FluentValidation;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>Gives another payment method to an upgrade that waits for payment.</summary>
public sealed record ChangePaymentMethod(string UpgradeId, string AccountId, string? PaymentMethod);

/// <summary>Says that the owner has authenticated; what came of it, the payment provider is asked.</summary>
public sealed record ConfirmPayment(string UpgradeId, string AccountId);

/// <summary>Gives an upgrade up that waits for payment.</summary>
public sealed record CancelUpgrade(string UpgradeId, string AccountId);

/// <summary>The upgrade does not wait for payment.</summary>
public sealed record NotWaitingForPayment() : Refusal(
    RefusalKind.Conflict, "NOT_WAITING_FOR_PAYMENT", "The upgrade does not wait for payment, so there is nothing to answer.");

/// <summary>
/// What the owner of an upgrade that waits for payment can do. Each is recorded first, then the saga is told; if that is lost, it looks by
/// itself after <see cref="UpgradeOptions.PaymentPoll"/>. All may be repeated.
/// </summary>
public sealed class AnswerPaymentHandler(IDocumentStore documents, UpgradeJournal journal, IWorkspaceSagas sagas)
{
    private static readonly Validator Rules = new();

    public async Task<Result<Upgrade>> Handle(ChangePaymentMethod ask, CancellationToken ct)
    {
        if (Rules.FirstProblem(ask) is { } invalid)
            return invalid;
        if (!(await Find(ask.UpgradeId, ask.AccountId, ct)).Succeeded(out var found, out var unknown))
            return unknown;

        // The answer that is under way already, sent again.
        if (found.Upgrade is { Status: UpgradeStatus.Running, Payment.IsPaid: false } && found.Upgrade.Payment.Method == ask.PaymentMethod)
            return found.Upgrade;
        return await Record(found.Id, new UpgradeEvent.MethodChanged(ask.PaymentMethod!), ct);
    }

    public async Task<Result<Upgrade>> Handle(ConfirmPayment ask, CancellationToken ct)
    {
        if (!(await Find(ask.UpgradeId, ask.AccountId, ct)).Succeeded(out var found, out var unknown))
            return unknown;
        if (found.Upgrade.Status == UpgradeStatus.WaitingForPayment)
            await sagas.Raise(found.Upgrade.UpgradeId, SagaEvents.PaymentAnswered, ct);
        return found.Upgrade;
    }

    public async Task<Result<Upgrade>> Handle(CancelUpgrade ask, CancellationToken ct)
    {
        if (!(await Find(ask.UpgradeId, ask.AccountId, ct)).Succeeded(out var found, out var unknown))
            return unknown;
        return found.Upgrade.Status == UpgradeStatus.Cancelled
            ? found.Upgrade
            : await Record(found.Id, new UpgradeEvent.CancelAsked("The owner cancelled the upgrade."), ct);
    }

    private async Task<Result<(WorkspaceChangeId Id, Upgrade Upgrade)>> Find(string upgradeId, string accountId, CancellationToken ct) =>
        UpgradeIds.TryParse(upgradeId, accountId, out var id) && await Upgrade.Read(documents, id, ct) is { } found
            ? (id, found.Value)
            : new UpgradeNotFound();

    private async Task<Result<Upgrade>> Record(WorkspaceChangeId id, UpgradeEvent answer, CancellationToken ct)
    {
        var recorded = await journal.Record(id, answer, ct, by: id.Account);
        if (recorded.Refusal is not null)
            return new NotWaitingForPayment();
        await sagas.Raise(id.ToString(), SagaEvents.PaymentAnswered, ct);
        return recorded.Value;
    }

    private sealed class Validator : AbstractValidator<ChangePaymentMethod>
    {
        public Validator() => RuleFor(x => x.PaymentMethod).IsPaymentMethod();
    }
}
