using System.Diagnostics;
using System.Text.Json;
using FluentValidation;
using Hexabase.Backtesting.Strategies;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Sweeps;

/// <summary>Asks for a search over the parameters of a strategy the caller may run.</summary>
/// <param name="AccountId">Who asks and pays.</param>
/// <param name="IdempotencyKey">Unique per thing wanted, among runs and sweeps; a repeat gets the same sweep.</param>
/// <param name="Search">What to look for, see <see cref="SweepDefinition"/>.</param>
public sealed record StartSweep(
    string AccountId, string? IdempotencyKey, string Sid, string CodeHash, string DatasetHash, JsonElement Search, string CorrelationId);

/// <summary>
/// Accepts sweeps as runs are accepted: rate limit, idempotency, hashes, the search, charge, its size; then the one commit of
/// <see cref="Acceptance"/>.
/// </summary>
public sealed class StartSweepHandler(
    IDocumentStore documents, Plans plans, RunInputs inputs, JobSlots slots, IOutbox outbox, KeyedLock locks, TimeProvider clock)
{
    private static readonly Validator Rules = new();

    private readonly Acceptance acceptance = new(documents, plans, outbox, locks, clock);

    /// <summary>The sweep, the same one for a repeat; or why not.</summary>
    public async Task<Result<SweepJob>> Handle(StartSweep ask, CancellationToken ct)
    {
        if (Rules.FirstProblem(ask) is { } invalid)
            return invalid;
        var inputsHash = InputsHash(ask);
        return await acceptance.Accept(
            new JobRequest(ask.AccountId, ask.IdempotencyKey!, inputsHash),
            (quota, now) => Decide(ask, inputsHash, quota, now, ct),
            record => Known(record, ask.AccountId, ct),
            ct);
    }

    private async Task<Result<AcceptedJob<SweepJob>>> Decide(
        StartSweep ask, string inputsHash, Quota quota, DateTimeOffset now, CancellationToken ct)
    {
        var strategy = (await Strategy.Read(documents, ask.Sid, ct))?.Value;
        if (!(await Read(ask, strategy, ct)).Succeeded(out var asked, out var refused))
            return refused;
        var evaluations = asked.Search.Evaluations;
        if (!ChargeRule.Decide(plans, quota, now, plans.Sweep.RunsFor(evaluations)).Succeeded(out var admission, out var unpaid))
            return unpaid;

        // Takes up to a second for the largest searches, so only for who could pay for one.
        if (asked.Refuse(plans, admission.Quota.Plan, ct) is { } impossible)
            return impossible;

        var id = SweepId.New(ask.AccountId, now);
        var sweep = NewSweep(ask, strategy!.Version, evaluations, admission, id, now);
        return new AcceptedJob<SweepJob>(
            sweep,
            admission,
            new IdempotencyRecord(RunId: null, inputsHash, sweep.SweepId),
            sweep.Message(sweep.SweepId, slots.SessionFor(sweep.Queue, ask.AccountId), now),
            batch => Add(batch, id, sweep, ask.Search),
            Telemetry.SweepsAccepted);
    }

    private static void Add(DocumentBatch batch, SweepId id, SweepJob sweep, JsonElement search)
    {
        batch.Create(SweepJob.DocumentId(id), sweep).Create(SweepSearch.DocumentId(id), new SweepSearch(search));
        foreach (var paid in sweep.Paid)
        {
            batch.Create(
                LedgerEntry.SweepDocumentId(id.Serial, paid.Charge),
                LedgerEntry.ForSweep(paid, sweep.UsageMonth, sweep.SweepId, sweep.CreatedAt, sweep.CorrelationId));
        }
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
        JobWatch.First(now),
        Activity.Current?.Id);

    private async Task<SweepJob> Known(IdempotencyRecord record, string accountId, CancellationToken ct) =>
        SweepId.TryParse(record.SweepId, out var id) && await SweepJob.Read(documents, id, ct) is { } sweep
            ? sweep.Value
            : throw new InvalidOperationException($"The idempotency record of {accountId} names no sweep.");

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
