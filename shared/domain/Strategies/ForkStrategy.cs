using System.Globalization;
using FluentValidation;
using Hexabase.Backtesting.Simulation;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;

namespace Hexabase.Domain.Strategies;

/// <summary>Asks for a copy of a strategy that the caller may read, and for its first run.</summary>
/// <param name="Sid">What to copy.</param>
/// <param name="Seed">Of the first run, 0 to <see cref="Backtest.MaxSeed"/>.</param>
/// <param name="ClientAddress">Whom the rate limit counts.</param>
/// <param name="IdempotencyKey">1–255 visible ASCII characters; a repeat gets the same fork. Null when the caller gives none.</param>
public sealed record ForkStrategy(
    string AccountId, string Sid, long Seed, string ClientAddress, string? IdempotencyKey, string CorrelationId);

/// <summary>A fork and its first run.</summary>
/// <param name="RunId">Null when the run was refused; the fork stands all the same.</param>
/// <param name="RunRefused">Why there is no run.</param>
public sealed record ForkedStrategy(
    string Sid, string? RunId, string CodeHash, string DatasetHash, Lineage Lineage, RotatedOut? RotatedOut, RunRefused? RunRefused);

/// <summary>Why the first run of a fork did not start.</summary>
public sealed record RunRefused(string Code, string Detail);

/// <summary>This address forked too often.</summary>
public sealed record TooManyForks : Refusal
{
    public TooManyForks(int perMinute, TimeSpan wait) : base(
        RefusalKind.RateLimited, "FORK_RATE_LIMITED", $"At most {perMinute} forks a minute from one address.") => RetryAfter = wait;
}

public sealed class ForkStrategyValidator : AbstractValidator<ForkStrategy>
{
    public ForkStrategyValidator()
    {
        RuleFor(ask => ask.Sid).Cascade(CascadeMode.Stop)
            .NotEmpty().WithMessage("The id of the strategy to fork is required.")
            .Must(Strategy.IsSid).OverridePropertyName("sid").WithMessage("This is not the id of a strategy.");
        RuleFor(ask => ask.Seed)
            .InclusiveBetween(0, Backtest.MaxSeed)
            .OverridePropertyName("seed").WithMessage($"A seed is a whole number from 0 to {Backtest.MaxSeed}.");
        RuleFor(ask => ask.IdempotencyKey).IsIdempotencyKeyOrNull();
    }
}

/// <summary>Copies a strategy with its lineage and starts the first run of the copy at once.</summary>
public sealed class ForkStrategyHandler(
    StrategyLibrary library, IDocumentStore documents, IStartRun runs, ForkLimit limit, Billing.Plans plans, TimeProvider clock)
{
    private static readonly ForkStrategyValidator Validator = new();

    /// <summary>The fork; or why there is none. Repeat-safe when the caller gives a key: the same fork, the same run.</summary>
    public async Task<Result<ForkedStrategy>> Handle(ForkStrategy ask, CancellationToken ct)
    {
        if (Validator.FirstProblem(ask) is { } invalid)
            return invalid;
        if (limit.TryTake(ask.ClientAddress) is { } wait)
            return new TooManyForks(plans.ForksPerMinutePerAddress, wait);
        if (await Strategy.Read(documents, ask.Sid, ct) is not { } parent || !parent.Value.CanBeReadBy(ask.AccountId))
            return new StrategyNotFound(ask.Sid);

        var now = clock.GetUtcNow();
        var sid = RepeatedRequest.Sid("fork", ask.AccountId, ask.IdempotencyKey, now);
        var saved = await library.Save(ask.AccountId, sid, (_, earlier) => Copy(ask, sid, parent.Value, earlier, now), ct);
        if (!saved.Succeeded(out var change, out var refusal))
            return refusal;

        var fork = change.Strategy;
        var run = await runs.Handle(
            new StartRun(ask.AccountId, $"fork:{sid}", sid, ask.Seed, fork.CodeHash, fork.DatasetHash, ask.CorrelationId), ct);
        var started = run.Succeeded(out var runId, out var runRefusal);
        return new ForkedStrategy(
            sid, started ? runId.ToString() : null, fork.CodeHash, fork.DatasetHash, fork.Lineage!, RotatedOut.Of(change),
            started ? null : new RunRefused(runRefusal!.Code, runRefusal.Detail));
    }

    /// <summary>The fork of a strategy; the one made earlier under the same key, if any.</summary>
    private static Result<Strategy> Copy(
        ForkStrategy ask, string sid, Strategy parent, Strategy? earlier, DateTimeOffset now)
    {
        var request = RepeatedRequest.Hash(string.Create(CultureInfo.InvariantCulture, $"{ask.Sid}\n{ask.Seed}"));
        if (earlier is not null)
            return RepeatedRequest.Answer(earlier, request);
        return new Strategy(
            sid, ask.AccountId, parent.Name, Visibility.Unpublished, Version: 1, parent.CodeHash, parent.DatasetHash, parent.Code,
            Lineage.From(parent), CreatedAt: now, UpdatedAt: now, RequestHash: request);
    }
}
