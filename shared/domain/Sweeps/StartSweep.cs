using System.Diagnostics;
using System.Text.Json;
using FluentValidation;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Sweeps;

/// <summary>Asks for a search over the parameters of a strategy the caller may run.</summary>
/// <param name="AccountId">Who asks and pays.</param>
/// <param name="IdempotencyKey">Unique per thing wanted, among runs and sweeps; a repeat gets the same sweep.</param>
/// <param name="Search">What to look for, see <see cref="SweepDefinition"/>.</param>
public sealed record StartSweep(
    string AccountId, string? IdempotencyKey, string Sid, string CodeHash, string DatasetHash, JsonElement Search, string CorrelationId);

/// <summary>Which sweep an idempotency key stands for; shares its document with <see cref="IdempotencyRecord"/>.</summary>
internal sealed record RepeatedSweep(string SweepId, string InputsHash);

/// <summary>
/// Accepts sweeps as runs are accepted: rate limit, idempotency, hashes, the search, charge, its size; then ONE commit takes what the sweep costs and
/// records quota, ledger, idempotency key, sweep, search and outbox entry. The store's own conflicts are the checks.
/// </summary>
public sealed class StartSweepHandler(
    IDocumentStore documents, Plans plans, RunInputs inputs, RunSlots slots, IOutbox outbox, KeyedLock locks, TimeProvider clock)
{
    private static readonly Validator Rules = new();

    private readonly Acceptance acceptance = new(documents, plans, locks, clock);

    /// <summary>The sweep, the same one for a repeat; or why not.</summary>
    public async Task<Result<SweepJob>> Handle(StartSweep ask, CancellationToken ct) => Rules.FirstProblem(ask) is { } invalid
        ? invalid
        : await acceptance.Accept(ask.AccountId, (quota, now) => TryOnce(ask, quota, now, ct), ct);

    /// <summary>Null when another change to the account came first and everything must be read again.</summary>
    private async Task<Result<SweepJob>?> TryOnce(StartSweep ask, Document<Quota> quota, DateTimeOffset now, CancellationToken ct)
    {
        var strategy = (await Strategy.Read(documents, ask.Sid, ct))?.Value;
        if (!(await Read(ask, strategy, ct)).Succeeded(out var asked, out var refused))
            return await Known(ask, ct) ?? (Result<SweepJob>)refused;
        var evaluations = asked.Search.Evaluations;
        if (!ChargeRule.Decide(plans, quota.Value, now, plans.Sweep.RunsFor(evaluations)).Succeeded(out var admission, out var unpaid))
            return await Known(ask, ct) ?? (Result<SweepJob>)unpaid;

        // Takes up to a second for the largest searches, so only for who could pay for one.
        if (asked.Refuse(plans, admission.Quota.Plan, ct) is { } tooMuch)
            return await Known(ask, ct) ?? (Result<SweepJob>)tooMuch;

        var id = SweepId.New(ask.AccountId, now);
        var sweep = NewSweep(ask, strategy!.Version, evaluations, admission, id, now);
        var entry = OutboxEntry.For(sweep, slots.SessionFor(sweep.Queue, ask.AccountId), sweep.SweepId, now);
        var committed = await documents.Commit(Accept(ask, quota.ETag, admission, id, sweep, entry, now), ct);
        if (!committed.Succeeded)
            return committed.Reason == CommitRefusal.AlreadyExists ? await Known(ask, ct) : null;

        Telemetry.SweepsAccepted.Add(1, Telemetry.OfLane(sweep.Queue));
        outbox.Offer(ask.AccountId, entry);
        return (Result<SweepJob>)sweep;
    }

    /// <summary>The search, if hashes and search are in order.</summary>
    private async Task<Result<AskedSearch>> Read(StartSweep ask, Strategy? strategy, CancellationToken ct)
    {
        if (await InputHashes.Check(documents, ask.AccountId, ask.Sid, ask.CodeHash, ask.DatasetHash, strategy, ct) is { } refused)
            return refused;
        var definition = await inputs.Strategy(ask.Sid, strategy!.Version, ask.CodeHash, ct)
            ?? throw new InvalidOperationException($"Strategy {ask.Sid} has no code of version {strategy.Version}.");
        var parse = SweepDefinition.Parse(ask.Search, definition);
        if (!parse.Succeeded(out var search))
            return new SearchInvalid(parse.Errors);
        return await inputs.CandleCount(ask.DatasetHash, ct) is var candles and > 0
            ? new AskedSearch(definition, search, checked((int)candles))
            : HashMismatch.OfDataset();
    }

    private DocumentBatch Accept(
        StartSweep ask, string quotaETag, Admission admission, SweepId id, SweepJob sweep, OutboxEntry entry, DateTimeOffset now)
    {
        var known = new RepeatedSweep(sweep.SweepId, InputsHash(ask));
        var batch = new DocumentBatch(Containers.Accounts, ask.AccountId)
            .Create(IdempotencyRecord.DocumentId(ask.IdempotencyKey!), known, TimeSpan.FromDays(plans.IdempotencyKeyDays))
            .Replace(Quota.DocumentId, admission.Quota, quotaETag)
            .Create(SweepJob.DocumentId(id), sweep)
            .Create(SweepSearch.DocumentId(id), new SweepSearch(ask.Search))
            .Create(entry.DocumentId, entry);
        foreach (var paid in sweep.Paid)
        {
            batch.Create(
                LedgerEntry.SweepDocumentId(id.Serial, paid.Charge),
                LedgerEntry.ForSweep(paid, sweep.UsageMonth, sweep.SweepId, now, ask.CorrelationId));
        }
        if (admission.Closed is { } month)
            batch.Create(UsageMonth.DocumentIdOf(month.Serial), month);
        return batch;
    }

    private static SweepJob NewSweep(
        StartSweep ask, int version, int evaluations, Admission admission, SweepId id, DateTimeOffset now) => new(
        id.ToString(),
        ask.Sid,
        version,
        ask.CodeHash,
        ask.DatasetHash,
        SweepStatus.Queued,
        admission.Lane,
        admission.Paid,
        admission.UsageMonth,
        evaluations,
        Evaluated: 0,
        Attempt: 0,
        now,
        ask.CorrelationId,
        RunWatch.First(now),
        Activity.Current?.Id);

    /// <summary>The answer the key already has; null when the key is new.</summary>
    private async Task<Result<SweepJob>?> Known(StartSweep ask, CancellationToken ct)
    {
        var known = await documents.Read<RepeatedSweep>(
            Containers.Accounts, ask.AccountId, IdempotencyRecord.DocumentId(ask.IdempotencyKey!), ct);
        if (known is null)
            return null;
        if (known.Value.InputsHash != InputsHash(ask))
            return (Result<SweepJob>)new IdempotencyKeyReused();
        return SweepId.TryParse(known.Value.SweepId, out var id) && await SweepJob.Read(documents, id, ct) is { } sweep
            ? (Result<SweepJob>)sweep.Value
            : throw new InvalidOperationException($"The idempotency record of {ask.AccountId} names no sweep.");
    }

    private static string InputsHash(StartSweep ask) =>
        Sha256Hex.Of($"{ask.Sid}\n{ask.CodeHash}\n{ask.DatasetHash}\n{ask.Search.GetRawText()}");

    /// <summary>A search with what it is made over.</summary>
    private sealed record AskedSearch(StrategyDefinition Strategy, SweepDefinition Search, int Candles)
    {
        /// <summary>Refuses a search that must fail, or takes more than the plan allows; null for any other.</summary>
        public Refusal? Refuse(Plans plans, PlanName plan, CancellationToken ct)
        {
            var forecast = SweepForecast.Of(Strategy, Search, Candles, ct);
            if (forecast.Failure is { } failure)
                return new SearchImpossible(failure);
            var work = forecast.WorkPerBar * Candles;
            return work > plans[plan].SweepWork ? new SweepTooLarge(Search.Evaluations, Candles, work, plans, plan) : null;
        }
    }

    private sealed class Validator : AbstractValidator<StartSweep>
    {
        public Validator()
        {
            ClassLevelCascadeMode = CascadeMode.Stop;
            RuleFor(x => x.IdempotencyKey).IsIdempotencyKey();
            RuleFor(x => x.Sid).IsSid();
            RuleFor(x => x.CodeHash).IsHash("code_hash");
            RuleFor(x => x.DatasetHash).IsHash("dataset_hash");
            RuleFor(x => x.Search).Must(search => search.ValueKind == JsonValueKind.Object)
                .OverridePropertyName("search").WithMessage("search is required: what to look for, as a JSON object.");
        }
    }
}
