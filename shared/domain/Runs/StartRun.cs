using System.Diagnostics;
using FluentValidation;
using Hexabase.Backtesting.Simulation;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>Asks for one backtest of a strategy the caller may run.</summary>
/// <param name="AccountId">Who asks and pays.</param>
/// <param name="IdempotencyKey">Unique per thing wanted, 1–255 visible ASCII characters; a repeat gets the same run.</param>
/// <param name="Seed">Drives what the strategy declares stochastic; part of the run's identity.</param>
public sealed record StartRun(
    string AccountId, string? IdempotencyKey, string Sid, long Seed, string CodeHash, string DatasetHash, string CorrelationId);

/// <summary>Which run an idempotency key stands for. Document <c>idem:{hash of the key}</c>, kept as long as plans.json says.</summary>
public sealed record IdempotencyRecord(string RunId, string InputsHash)
{
    public static string DocumentId(string key) => $"idem:{IdempotencyKey.HashOf(key)}";
}

/// <summary>Starts runs.</summary>
public interface IStartRun
{
    /// <summary>The run's id, the same one for a repeat; or why not.</summary>
    Task<Result<RunId>> Handle(StartRun ask, CancellationToken ct);
}

/// <summary>
/// Accepts runs. The order is fixed: rate limit, idempotency, hashes, charge; then ONE commit takes what the run costs and records
/// quota, ledger, idempotency key, run and outbox entry. The store's own conflicts are the checks.
/// </summary>
public sealed class StartRunHandler(
    IDocumentStore documents, Plans plans, RunSlots slots, IOutbox outbox, KeyedLock locks, TimeProvider clock) : IStartRun
{
    private static readonly Validator Rules = new();

    private readonly Acceptance acceptance = new(documents, plans, locks, clock);

    public async Task<Result<RunId>> Handle(StartRun ask, CancellationToken ct) => Rules.FirstProblem(ask) is { } invalid
        ? invalid
        : await acceptance.Accept(ask.AccountId, (quota, now) => TryOnce(ask, quota, now, ct), ct);

    /// <summary>Null when another change to the account came first and everything must be read again.</summary>
    private async Task<Result<RunId>?> TryOnce(StartRun ask, Document<Quota> quota, DateTimeOffset now, CancellationToken ct)
    {
        var strategy = await Strategy.Read(documents, ask.Sid, ct);
        if (await InputHashes.Check(documents, ask.AccountId, ask.Sid, ask.CodeHash, ask.DatasetHash, strategy?.Value, ct) is { } refused)
            return await Known(ask, ct) ?? (Result<RunId>)refused;
        if (!ChargeRule.Decide(plans, quota.Value, now).Succeeded(out var admission, out var unpaid))
            return await Known(ask, ct) ?? (Result<RunId>)unpaid;

        var id = RunId.New(ask.AccountId, now);
        var run = NewRun(ask, strategy!.Value, admission, id, now);
        var entry = OutboxEntry.For(run, slots.SessionFor(run.Queue, ask.AccountId), run.RunId, now);
        var committed = await documents.Commit(Accept(ask, quota.ETag, admission, id, run, entry, strategy.Value, now), ct);
        if (!committed.Succeeded)
            return committed.Reason == CommitRefusal.AlreadyExists ? await Known(ask, ct) : null;

        Telemetry.RunsAccepted.Add(1, Telemetry.OfLane(run.Queue));
        outbox.Offer(ask.AccountId, entry);
        return (Result<RunId>)id;
    }

    private DocumentBatch Accept(
        StartRun ask, string quotaETag, Admission admission, RunId id, Run run, OutboxEntry entry, Strategy strategy, DateTimeOffset now)
    {
        var known = new IdempotencyRecord(run.RunId, InputsHash(ask));
        var batch = new DocumentBatch(Containers.Accounts, ask.AccountId)
            .Create(IdempotencyRecord.DocumentId(ask.IdempotencyKey!), known, TimeSpan.FromDays(plans.IdempotencyKeyDays))
            .Replace(Quota.DocumentId, admission.Quota, quotaETag)
            .Create(LedgerEntry.RunDocumentId(id.Serial), LedgerEntry.ForRun(run.Charge, run.UsageMonth, run.RunId, now, ask.CorrelationId))
            .Create(Run.DocumentId(id), run)
            .Create(entry.DocumentId, entry);
        if (strategy.OwnerId == ask.AccountId)
            batch.Upsert(LatestRun.AcceptedDocumentId(ask.Sid), new LatestRun(run.RunId));
        if (admission.Closed is { } month)
            batch.Create(UsageMonth.DocumentIdOf(month.Serial), month);
        return batch;
    }

    private static Run NewRun(StartRun ask, Strategy strategy, Admission admission, RunId id, DateTimeOffset now) => new(
        id.ToString(),
        ask.Sid,
        strategy.Version,
        ask.Seed,
        ask.CodeHash,
        ask.DatasetHash,
        RunStatus.Queued,
        admission.Lane,
        admission.Charge,
        admission.UsageMonth,
        Attempt: 0,
        now,
        ask.CorrelationId,
        RunWatch.First(now),
        Activity.Current?.Id);

    /// <summary>The answer the key already has; null when the key is new.</summary>
    private async Task<Result<RunId>?> Known(StartRun ask, CancellationToken ct)
    {
        var known = await documents.Read<IdempotencyRecord>(
            Containers.Accounts, ask.AccountId, IdempotencyRecord.DocumentId(ask.IdempotencyKey!), ct);
        if (known is null)
            return null;
        if (known.Value.InputsHash != InputsHash(ask))
            return (Result<RunId>)new IdempotencyKeyReused();
        return RunId.TryParse(known.Value.RunId, out var id)
            ? (Result<RunId>)id
            : throw new InvalidOperationException($"The idempotency record of {ask.AccountId} holds no run id.");
    }

    private static string InputsHash(StartRun ask) => Sha256Hex.Of($"{ask.Sid}\n{ask.Seed}\n{ask.CodeHash}\n{ask.DatasetHash}");

    private sealed class Validator : AbstractValidator<StartRun>
    {
        public Validator()
        {
            ClassLevelCascadeMode = CascadeMode.Stop;
            RuleFor(x => x.IdempotencyKey).IsIdempotencyKey();
            RuleFor(x => x.Sid).IsSid();
            RuleFor(x => x.Seed).InclusiveBetween(0, Backtest.MaxSeed).OverridePropertyName("seed");
            RuleFor(x => x.CodeHash).IsHash("code_hash");
            RuleFor(x => x.DatasetHash).IsHash("dataset_hash");
        }
    }
}
