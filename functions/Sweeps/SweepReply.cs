using Hexabase.Backtesting.Sweeps.Results;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Sweeps;

namespace Hexabase.Functions.Sweeps;

/// <summary>What a sweep costs.</summary>
/// <param name="Runs">How many runs in all.</param>
/// <param name="Paid">How many of them each pot pays.</param>
public sealed record SweepCharge(int Runs, IReadOnlyList<PaidRuns> Paid)
{
    public static SweepCharge Of(IReadOnlyList<PaidRuns> paid) => new(paid.Sum(p => p.Runs), paid);
}

/// <summary>A sweep as its owner sees it. Times are UTC; those that have not come yet are left out.</summary>
/// <param name="Evaluations">How many backtests it takes.</param>
/// <param name="Evaluated">How many of them are done, at most about a second ago.</param>
/// <param name="Percent">The same in whole percent, rounded down.</param>
/// <param name="GivenBack">What of the charge was given back at its end; left out when nothing was.</param>
/// <param name="CancelRequestedAt">When a running one was asked to stop.</param>
/// <param name="Best">The best parameters with their figures, once it has succeeded and when a set meets the constraints.</param>
public sealed record SweepReply(
    string SweepId,
    string Sid,
    SweepStatus Status,
    Lane Queue,
    string CodeHash,
    string DatasetHash,
    int Evaluations,
    int Evaluated,
    int Percent,
    SweepCharge Charge,
    SweepCharge? GivenBack,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CancelRequestedAt,
    DateTimeOffset? FinishedAt,
    BestSet? Best,
    JobFailure? Failure,
    string CorrelationId)
{
    public static SweepReply From(SweepJob sweep) => new(
        sweep.SweepId,
        sweep.Sid,
        sweep.Status,
        sweep.Queue,
        sweep.CodeHash,
        sweep.DatasetHash,
        sweep.Evaluations,
        sweep.Evaluated,
        (int)(100L * sweep.Evaluated / sweep.Evaluations),
        SweepCharge.Of(sweep.Paid),
        sweep.GivenBack is { } back ? SweepCharge.Of(back) : null,
        sweep.CreatedAt,
        sweep.StartedAt,
        sweep.CancelRequestedAt,
        sweep.FinishedAt,
        sweep.Best,
        sweep.Failure,
        sweep.CorrelationId);
}
