using Hexabase.Backtesting.Metrics;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;

namespace Hexabase.Functions.Runs;

/// <summary>A run as callers see it. Times are UTC; those that have not come yet are left out.</summary>
/// <param name="Charge">What paid for it; for its owner only.</param>
/// <param name="CorrelationId">Of the request that started it; for its owner only.</param>
public sealed record RunReply(
    string RunId,
    string Sid,
    RunStatus Status,
    Lane Queue,
    Charge? Charge,
    long Seed,
    string CodeHash,
    string DatasetHash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    BacktestMetrics? Metrics,
    JobFailure? Failure,
    string? CorrelationId)
{
    public static RunReply From(Run run, bool isOwner) => new(
        run.RunId,
        run.Sid,
        run.Status,
        run.Queue,
        isOwner ? run.Charge : null,
        run.Seed,
        run.CodeHash,
        run.DatasetHash,
        run.CreatedAt,
        run.StartedAt,
        run.FinishedAt,
        run.Metrics,
        run.Failure,
        isOwner ? run.CorrelationId : null);
}
