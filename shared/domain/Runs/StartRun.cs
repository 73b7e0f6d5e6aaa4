using System.Diagnostics;
using FluentValidation;
using Hexabase.Backtesting.Simulation;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Strategies;

namespace Hexabase.Domain.Runs;

/// <summary>Asks for one backtest of a strategy the caller may run.</summary>
/// <param name="AccountId">Who asks and pays.</param>
/// <param name="IdempotencyKey">Unique per thing wanted, 1–255 visible ASCII characters; a repeat gets the same run.</param>
/// <param name="Seed">Drives what the strategy declares stochastic; part of the run's identity.</param>
public sealed record StartRun(
    string AccountId, string? IdempotencyKey, string Sid, long Seed, string CodeHash, string DatasetHash, string CorrelationId);

/// <summary>Starts runs.</summary>
public interface IStartRun
{
    /// <summary>The run's id, the same one for a repeat; or why not.</summary>
    Task<Result<RunId>> Handle(StartRun ask, CancellationToken ct);
}

/// <summary>
/// Accepts runs. The order is fixed: rate limit, idempotency, hashes, charge; then the one commit of <see cref="Acceptance"/>.
/// </summary>
public sealed class StartRunHandler(
    IDocumentStore documents, Plans plans, JobSlots slots, IOutbox outbox, KeyedLock locks, TimeProvider clock) : IStartRun
{
    private static readonly Validator Rules = new();

    private readonly Acceptance acceptance = new(documents, plans, outbox, locks, clock);

    public async Task<Result<RunId>> Handle(StartRun ask, CancellationToken ct)
    {
        if (Rules.FirstProblem(ask) is { } invalid)
            return invalid;
        var inputsHash = InputsHash(ask);
        return await acceptance.Accept(
            new JobRequest(ask.AccountId, ask.IdempotencyKey!, inputsHash),
            (quota, now) => Decide(ask, inputsHash, quota, now, ct),
            record => Task.FromResult(Known(record, ask.AccountId)),
            ct);
    }

    private async Task<Result<AcceptedJob<RunId>>> Decide(
        StartRun ask, string inputsHash, Quota quota, DateTimeOffset now, CancellationToken ct)
    {
        var strategy = (await Strategy.Read(documents, ask.Sid, ct))?.Value;
        if (await InputHashes.Check(documents, ask.AccountId, ask.Sid, ask.CodeHash, ask.DatasetHash, strategy, ct) is { } refused)
            return refused;
        if (!ChargeRule.Decide(plans, quota, now).Succeeded(out var admission, out var unpaid))
            return unpaid;

        var id = RunId.New(ask.AccountId, now);
        var run = NewRun(ask, strategy!, admission, id, now);
        return new AcceptedJob<RunId>(
            id,
            admission,
            new IdempotencyRecord(run.RunId, inputsHash),
            run.Message(run.RunId, slots.SessionFor(run.Queue, ask.AccountId), now),
            batch => Add(batch, id, run, isOwn: strategy!.OwnerId == ask.AccountId),
            Telemetry.RunsAccepted);
    }

    private static void Add(DocumentBatch batch, RunId id, Run run, bool isOwn)
    {
        batch
            .Create(
                LedgerEntry.RunDocumentId(id.Serial),
                LedgerEntry.ForRun(run.Charge, run.UsageMonth, run.RunId, run.CreatedAt, run.CorrelationId))
            .Create(Run.DocumentId(id), run);
        if (isOwn)
            batch.Upsert(LatestRun.AcceptedDocumentId(run.Sid), new LatestRun(run.RunId));
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
        JobWatch.First(now),
        Activity.Current?.Id);

    private static RunId Known(IdempotencyRecord record, string accountId) => RunId.TryParse(record.RunId, out var id)
        ? id
        : throw new InvalidOperationException($"The idempotency record of {accountId} holds no run id.");

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
