using System.Globalization;
using System.Text.Json;
using FluentValidation;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Billing;

/// <summary>An operator gives an account rights that it did not buy, or takes them.</summary>
/// <param name="OperatorId">Who grants.</param>
/// <param name="IdempotencyKey">A repeat with the same key has no second effect.</param>
/// <param name="Reason">Why, for the audit log.</param>
/// <param name="Plan">The new plan; null to leave it.</param>
/// <param name="SpeedPack">Whether every run goes to the priority lane; null to leave it.</param>
/// <param name="Credits">Added to the purchased credits; may be negative.</param>
/// <param name="DailyRuns">Added to the runs left today; may be negative, down to none left. Not for a plan that counts by month.</param>
/// <param name="RunsPerMinute">A limit for this account instead of the plan's; 0 for the plan's again, null to leave it.</param>
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

/// <summary>
/// What was done to an account by somebody else. Document <c>audit:{hash of the key}</c> in the account's partition, never changed.
/// </summary>
/// <param name="InputsHash">Of what was asked for: a repeat must ask for the same.</param>
/// <param name="Changes">One line each, for people.</param>
public sealed record AuditEntry(
    string Action, string By, string Reason, DateTimeOffset At, string CorrelationId, string InputsHash, IReadOnlyList<string> Changes);

/// <summary>An account's rights after a grant.</summary>
/// <param name="Changes">A ledger entry for each change.</param>
/// <param name="Closed">A usage month that ended, to be recorded with the grant.</param>
public sealed record Granted(Quota Quota, IReadOnlyList<LedgerEntry> Changes, UsageMonth? Closed);

/// <summary>Grants rights: quota, one ledger entry a change and the audit entry in one commit.</summary>
public sealed class GrantRightsHandler(IDocumentStore documents, Plans plans, KeyedLock locks, TimeProvider clock)
{
    private static readonly Validator Rules = new();

    /// <summary>The account's usage after the grant.</summary>
    public async Task<Result<Usage>> Handle(GrantRights ask, CancellationToken ct)
    {
        if (Rules.FirstProblem(ask) is { } invalid)
            return invalid;

        var auditId = $"audit:{IdempotencyKey.HashOf(ask.IdempotencyKey!)}";
        using var turn = await locks.Enter(ask.AccountId, ct);
        while (true)
        {
            var now = clock.GetUtcNow();
            if (await documents.Read<Quota>(Containers.Accounts, ask.AccountId, Quota.DocumentId, ct) is not { } stored)
                return new AccountNotFound();
            if (await documents.Read<AuditEntry>(Containers.Accounts, ask.AccountId, auditId, ct) is { } earlier)
                return earlier.Value.InputsHash == InputsHash(ask) ? Usage.Of(plans, stored.Value, now) : new IdempotencyKeyReused();
            if (ask.DailyRuns != 0 && plans[ask.Plan ?? stored.Value.Plan].DailyRuns is null)
                return new InvalidInput("daily_runs", "The account's plan counts its runs by month.");

            var granted = Apply(plans, stored.Value, ask, now);
            if ((await documents.Commit(Batch(ask, auditId, stored.ETag, granted, now), ct)).Succeeded)
                return Usage.Of(plans, granted.Quota, now);
        }
    }

    /// <summary>The quota after a grant, and a ledger entry for each change.</summary>
    public static Granted Apply(Plans plans, Quota stored, GrantRights ask, DateTimeOffset now)
    {
        var (quota, closed) = stored.At(plans, now);
        var changes = new List<LedgerEntry>();
        void Record(LedgerUnit unit, long amount, string note) =>
            changes.Add(new LedgerEntry(LedgerType.Grant, unit, amount, now, ask.CorrelationId, Note: note));

        if (ask.Plan is { } plan && plan != quota.Plan)
        {
            Record(LedgerUnit.Plan, 0, $"{quota.Plan} to {plan}");
            var (changed, ended) = quota.ChangePlan(plans, plan, now);
            if (changed.DailyBalance(plans) - quota.DailyBalance(plans) is not 0 and var forgiven)
                Record(LedgerUnit.DailyRun, forgiven, "used beyond the new plan's day");
            (quota, closed) = (changed, closed ?? ended);
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
        if (Math.Max(-quota.ComputeLeft, ask.DailyRuns) is not 0 and var runs)
        {
            Record(LedgerUnit.DailyRun, runs, "runs of the day");
            var resetDue = IndexedTime.Of(quota.NextReset(plans[quota.Plan], now));
            quota = quota with { ComputeLeft = quota.ComputeLeft + runs, ResetDue = resetDue };
        }
        if (ask.RunsPerMinute is { } asked && (asked == 0 ? null : ask.RunsPerMinute) is var perMinute && perMinute != quota.RunsPerMinute)
        {
            Record(LedgerUnit.RunsPerMinute, asked, asked == 0 ? "runs a minute as the plan has it" : "runs a minute");
            quota = quota with { RunsPerMinute = perMinute };
        }
        return new Granted(quota, changes, closed);
    }

    private static DocumentBatch Batch(GrantRights ask, string auditId, string quotaETag, Granted granted, DateTimeOffset now)
    {
        var audit = new AuditEntry(
            "grant",
            ask.OperatorId,
            ask.Reason,
            now,
            ask.CorrelationId,
            InputsHash(ask),
            [.. granted.Changes.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Unit} {c.Amount:+0;-0;0}: {c.Note}"))]);
        var batch = new DocumentBatch(Containers.Accounts, ask.AccountId)
            .Create(auditId, audit)
            .Replace(Quota.DocumentId, granted.Quota, quotaETag);
        if (granted.Closed is { } month)
            batch.Create(UsageMonth.DocumentIdOf(month.Serial), month);
        var order = Ids.TimeOrdered(now);
        foreach (var (i, change) in granted.Changes.Index())
            batch.Create(string.Create(CultureInfo.InvariantCulture, $"ledger:{order}:{i}"), change);
        return batch;
    }

    /// <summary>Of all that decides what is granted; who repeats the request, and under which correlation id, does not matter.</summary>
    private static string InputsHash(GrantRights ask) =>
        Sha256Hex.Of(JsonSerializer.Serialize(ask with { OperatorId = "", CorrelationId = "", IdempotencyKey = "" }, DomainJson.Options));

    private sealed class Validator : AbstractValidator<GrantRights>
    {
        public Validator()
        {
            ClassLevelCascadeMode = CascadeMode.Stop;
            RuleFor(x => x.IdempotencyKey).IsIdempotencyKey();
            RuleFor(x => x.Reason).NotEmpty().MaximumLength(500).OverridePropertyName("reason");
            RuleFor(x => x.Credits).InclusiveBetween(-1_000_000, 1_000_000).OverridePropertyName("credits");
            RuleFor(x => x.DailyRuns).InclusiveBetween(-1_000_000, 1_000_000).OverridePropertyName("daily_runs");
            RuleFor(x => x.RunsPerMinute).InclusiveBetween(0, 1_000_000).OverridePropertyName("runs_per_minute");
        }
    }
}
