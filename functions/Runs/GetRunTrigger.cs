using System.Security.Claims;
using Hexabase.Backtesting.Metrics;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

/// <summary>A run as callers see it. Times are UTC; those that have not come yet are left out.</summary>
public sealed record RunReply(
    string RunId,
    string Sid,
    RunStatus Status,
    Lane Queue,
    Charge Charge,
    long Seed,
    string CodeHash,
    string DatasetHash,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    BacktestMetrics? Metrics,
    RunFailure? Failure,
    string CorrelationId)
{
    public static RunReply From(Run run) => new(
        run.RunId,
        run.Sid,
        run.Status,
        run.Queue,
        run.Charge,
        run.Seed,
        run.CodeHash,
        run.DatasetHash,
        run.CreatedAt,
        run.StartedAt,
        run.FinishedAt,
        run.Metrics,
        run.Failure,
        run.CorrelationId);
}

public sealed class GetRunTrigger(GetRunHandler handler)
{
    private const int LongestWaitSeconds = 60;

    /// <summary>How a run stands. <c>wait</c> holds the answer up to so many seconds (at most 60) until the run has finished.</summary>
    [Function("GetRun"), AllowAnonymous]
    [ProducesResponseType<RunReply>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/run/{run_id}")] HttpRequest request,
        [FromRoute(Name = "run_id")] string runId,
        [FromQuery] int? wait,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var known = EntityTags.IfNoneMatch(request);
        var ask = new GetRun(runId, user.AccountIdOrNull(), TimeSpan.FromSeconds(Math.Clamp(wait ?? 0, 0, LongestWaitSeconds)), known);
        return (await handler.Handle(ask, ct)).ToHttp(found =>
            EntityTags.Tagged(request, found.ETag, "private, no-cache", () => Results.Ok(RunReply.From(found.Value))));
    }
}
