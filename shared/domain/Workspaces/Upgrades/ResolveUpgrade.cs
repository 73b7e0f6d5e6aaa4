using System.Text.Json;
using FluentValidation;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.Upgrades;

/// <summary>Support's answer to an upgrade that needs it.</summary>
/// <param name="OperatorId">Who answers.</param>
/// <param name="IdempotencyKey">A repeat with the same key has no second effect.</param>
/// <param name="Size">With <see cref="SupportAction.Place"/>: another size of node; null for the same.</param>
/// <param name="Region">With <see cref="SupportAction.Place"/>: another region; null for the same.</param>
/// <param name="Note">Why, for the audit trail.</param>
public sealed record ResolveUpgrade(
    string OperatorId,
    string? IdempotencyKey,
    string UpgradeId,
    SupportAction? Action,
    string? Size,
    string? Region,
    string? Note,
    string CorrelationId);

public enum SupportAction
{
    /// <summary>The step that failed is tried again, with all its tries.</summary>
    Retry,

    /// <summary>The node is tried in another size or region.</summary>
    Place,

    /// <summary>Everything is taken back, the money given back.</summary>
    Abort,
}

/// <summary>The answer does not fit the upgrade as it stands.</summary>
public sealed record ResolutionRefused(string Reason) : Refusal(RefusalKind.Conflict, "RESOLUTION_REFUSED", Reason);

/// <summary>Records support's answers, each with its audit entry in one commit, and wakes the saga.</summary>
public sealed class ResolveUpgradeHandler(
    IDocumentStore documents, UpgradeJournal journal, IWorkspaceSagas sagas, Plans plans, TimeProvider clock)
{
    private readonly Validator rules = new(plans);

    /// <summary>The upgrade after the answer, or as it stands after a repeat.</summary>
    public async Task<Result<Upgrade>> Handle(ResolveUpgrade ask, CancellationToken ct)
    {
        if (rules.FirstProblem(ask) is { } invalid)
            return invalid;
        if (!UpgradeIds.TryParse(ask.UpgradeId, out var id) || await Upgrade.Read(documents, id, ct) is not { } found)
            return new UpgradeNotFound();

        var auditId = $"audit:{IdempotencyKey.HashOf(ask.IdempotencyKey!)}";
        if (await Repeat(ask, id, auditId, ct) is { } repeat)
            return repeat;
        var audit = new AuditEntry(
            "resolve_upgrade", ask.OperatorId, ask.Note ?? "", clock.GetUtcNow(), ask.CorrelationId, InputsHash(ask), [$"{ask.Action}"]);
        var recorded = await journal.Record(id, Answer(ask, found.Value), ct, ask.OperatorId, batch => batch.Create(auditId, audit));
        if (recorded.Refusal is { } reason)
            return await Repeat(ask, id, auditId, ct) ?? new ResolutionRefused(reason);
        return await Woken(id, recorded.Value, ct);
    }

    /// <summary>The answer to an answer that was given before; null for one that is new.</summary>
    private async Task<Result<Upgrade>?> Repeat(ResolveUpgrade ask, WorkspaceChangeId id, string auditId, CancellationToken ct)
    {
        if (await documents.Read<AuditEntry>(Containers.Accounts, id.Account, auditId, ct) is not { } earlier)
            return null;
        return earlier.Value.InputsHash == InputsHash(ask) ? await Woken(id, await journal.Read(id, ct), ct) : new IdempotencyKeyReused();
    }

    private static UpgradeEvent Answer(ResolveUpgrade ask, Upgrade upgrade) => ask.Action switch
    {
        SupportAction.Place => new UpgradeEvent.SupportPlaced(ask.Size ?? upgrade.Node.Size, ask.Region ?? upgrade.Node.Region, ask.Note),
        SupportAction.Abort => new UpgradeEvent.SupportAborted(ask.Note),
        _ => new UpgradeEvent.SupportRetried(ask.Note),
    };

    /// <summary>If the event is lost, the saga looks by itself after <see cref="UpgradeOptions.SupportPoll"/>.</summary>
    private async Task<Upgrade> Woken(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        await sagas.Raise(id.ToString(), SagaEvents.SupportAnswered, ct);
        return upgrade;
    }

    /// <summary>Of all that decides what is done; who repeats the request, and under which correlation id, does not matter.</summary>
    private static string InputsHash(ResolveUpgrade ask) =>
        Sha256Hex.Of(JsonSerializer.Serialize(ask with { OperatorId = "", CorrelationId = "", IdempotencyKey = "" }, DomainJson.Options));

    private sealed class Validator : AbstractValidator<ResolveUpgrade>
    {
        public Validator(Plans plans)
        {
            var workspaces = plans.Workspaces;
            ClassLevelCascadeMode = CascadeMode.Stop;
            RuleFor(x => x.IdempotencyKey).IsIdempotencyKey();
            RuleFor(x => x.Action).NotNull().OverridePropertyName("action").WithMessage("action is one of retry, place, abort.");
            RuleFor(x => x.Note).MaximumLength(500).OverridePropertyName("note");
            RuleFor(x => x.Size).Must(size => size is null || workspaces.NodeSizes.ContainsKey(size))
                .OverridePropertyName("size").WithMessage($"size is one of {string.Join(", ", workspaces.NodeSizes.Keys)}.");
            RuleFor(x => x.Region).Must(region => region is null || workspaces.Regions.Contains(region, StringComparer.Ordinal))
                .OverridePropertyName("region").WithMessage($"region is one of {string.Join(", ", workspaces.Regions)}.");
            RuleFor(x => x).Must(x => x.Action == SupportAction.Place == (x.Size is not null || x.Region is not null))
                .OverridePropertyName("size").WithMessage("size or region are given with action place, and only with it.");
        }
    }
}
