using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FluentValidation;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Billing;

/// <summary>An operator gives an account rights that it did not buy, or takes them.</summary>
/// <param name="OperatorId">Who grants.</param>
/// <param name="IdempotencyKey">A repeat with the same key has no second effect.</param>
/// <param name="Plan">The new plan; null to leave it.</param>
/// <param name="SpeedPack">Whether every run goes to the priority lane; null to leave it.</param>
/// <param name="Credits">Added to the purchased credits; may be negative.</param>
/// <param name="DailyRuns">Added to the runs left today; may be negative, down to none left.</param>
/// <param name="RunsPerMinute">A limit for this account instead of the plan's; null to leave it.</param>
/// <param name="Reason">Why, for the audit log.</param>
public sealed record GrantRights(
    string OperatorId,
    string AccountId,
    string? IdempotencyKey,
    string Reason,
    PlanName? Plan,
    bool? SpeedPack,
    long Credits,
    int DailyRuns,
    int? RunsPerMinute,
    string CorrelationId);

/// <summary>There is no such account.</summary>
public sealed record AccountNotFound() : Refusal(RefusalKind.NotFound, "ACCOUNT_NOT_FOUND", "There is no account with this id.");

/// <summary>What was done to an account by somebody else. Document <c>audit:{key}</c> in the account's partition, never changed.</summary>
public sealed record AuditEntry(string Action, string By, string Reason, DateTimeOffset At, string CorrelationId, IReadOnlyDictionary<string, string> Changes);

/// <summary>Grants rights: quota, one ledger entry a change and the audit entry in one commit.</summary>
public sealed class GrantRightsHandler(IDocumentStore documents, Plans plans, KeyedLock locks, TimeProvider clock)
{
    private static readonly Validator Rules = new();

    /// <summary>The account's usage after the grant.</summary>
    public async Task<Result<Usage>> Handle(GrantRights ask, CancellationToken ct)
    {
        if (Rules.Validate(ask) is { IsValid: false } invalid)
            return new InvalidInput(invalid.Errors[0].PropertyName, invalid.Errors[0].ErrorMessage);

        using var turn = await locks.Enter(ask.AccountId, ct);
        while (true)
        {
            var now = clock.GetUtcNow();
            var stored = await documents.Read<Quota>(Containers.Accounts, ask.AccountId, Quota.DocumentId, ct);
            if (stored is null)
                return new AccountNotFound();
            var (quota, changes) = Apply(plans, stored.Value, ask, now);
            var committed = await documents.Commit(Batch(ask, stored.ETag, quota, changes, now), ct);
            if (committed.Succeeded)
                return Usage.Of(plans, quota, now);
            if (committed.Reason == CommitRefusal.AlreadyExists)
                return Usage.Of(plans, stored.Value, now);
        }
    }

    /// <summary>The quota after a grant, and a ledger entry for each change.</summary>
    public static (Quota Quota, IReadOnlyList<LedgerEntry> Changes) Apply(Plans plans, Quota stored, GrantRights ask, DateTimeOffset now)
    {
        var (quota, _) = stored.At(plans, now);
        var changes = new List<LedgerEntry>();
        void Record(LedgerUnit unit, long amount, string note) =>
            changes.Add(new LedgerEntry(LedgerType.Grant, unit, amount, now, ask.CorrelationId, Note: note));

        if (ask.Plan is { } plan && plan != quota.Plan)
        {
            Record(LedgerUnit.Plan, 0, $"{quota.Plan} to {plan}");
            quota = quota.ChangePlan(plans, plan, now);
        }
        if (ask.SpeedPack is { } speedPack && speedPack != quota.SpeedPack)
        {
            Record(LedgerUnit.SpeedPack, speedPack ? 1 : -1, "speed pack");
            quota = quota with { SpeedPack = speedPack };
        }
        if (ask.Credits != 0)
        {
            Record(LedgerUnit.Credit, ask.Credits, "credits");
            quota = quota with { CreditBalance = quota.CreditBalance + ask.Credits };
        }
        if (ask.DailyRuns != 0)
        {
            var left = Math.Max(0, quota.ComputeLeft + ask.DailyRuns);
            Record(LedgerUnit.DailyRun, left - quota.ComputeLeft, "runs of the day");
            quota = quota with { ComputeLeft = left, ResetDue = IndexedTime.Of(quota.NextReset(plans[quota.Plan], now)) };
        }
        if (ask.RunsPerMinute is { } perMinute && perMinute != quota.RunsPerMinute)
        {
            Record(LedgerUnit.RunsPerMinute, perMinute, "runs a minute");
            quota = quota with { RunsPerMinute = perMinute };
        }
        return (quota, changes);
    }

    private static DocumentBatch Batch(GrantRights ask, string quotaETag, Quota quota, IReadOnlyList<LedgerEntry> changes, DateTimeOffset now)
    {
        var serial = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ask.IdempotencyKey!)));
        var audit = new AuditEntry(
            "grant",
            ask.OperatorId,
            ask.Reason,
            now,
            ask.CorrelationId,
            changes.ToDictionary(c => c.Unit.ToString(), c => string.Create(CultureInfo.InvariantCulture, $"{c.Note} {c.Amount:+0;-0;0}"), StringComparer.Ordinal));
        var batch = new DocumentBatch(Containers.Accounts, ask.AccountId)
            .Create($"audit:{serial}", audit)
            .Replace(Quota.DocumentId, quota, quotaETag);
        var order = Ids.TimeOrdered(now);
        foreach (var (i, change) in changes.Index())
            batch.Create(string.Create(CultureInfo.InvariantCulture, $"ledger:{order}:{i}"), change);
        return batch;
    }

    private sealed class Validator : AbstractValidator<GrantRights>
    {
        public Validator()
        {
            ClassLevelCascadeMode = CascadeMode.Stop;
            RuleFor(x => x.IdempotencyKey).Must(key => key is { Length: >= 1 and <= 255 }).OverridePropertyName("Idempotency-Key")
                .WithMessage("The header Idempotency-Key is required: 1 to 255 visible ASCII characters.");
            RuleFor(x => x.Reason).NotEmpty().MaximumLength(500).OverridePropertyName("reason");
            RuleFor(x => x.Credits).InclusiveBetween(-1_000_000, 1_000_000).OverridePropertyName("credits");
            RuleFor(x => x.DailyRuns).InclusiveBetween(-1_000_000, 1_000_000).OverridePropertyName("daily_runs");
            RuleFor(x => x.RunsPerMinute).InclusiveBetween(1, 1_000_000).OverridePropertyName("runs_per_minute");
        }
    }
}
