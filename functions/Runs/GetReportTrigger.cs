using System.Security.Claims;
using System.Text.Json;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

/// <summary>A strategy's report.</summary>
/// <param name="RunId">The run that is shown; <paramref name="Status"/> and the rest are its.</param>
/// <param name="Result">The stored result document, once the run has succeeded.</param>
/// <param name="Newer">A newer run that is not finished yet.</param>
public sealed record ReportReply(
    string Sid, string Name, Lineage? Lineage, string RunId, RunStatus Status, RunReply Run, JsonElement? Result, RunReply? Newer)
{
    public static ReportReply From(Report report) => new(
        report.Strategy.Sid,
        report.Strategy.Name,
        report.Strategy.Lineage,
        report.Run.RunId,
        report.Run.Status,
        RunReply.From(report.Run, report.IsOwner),
        report.Result,
        report.Newer is { } newer ? RunReply.From(newer, report.IsOwner) : null);
}

public sealed class GetReportTrigger(GetReportHandler handler)
{
    /// <summary>The newest result of a strategy, or the status of its run while there is none.</summary>
    [Function("GetReport"), AllowAnonymous]
    [ProducesResponseType<ReportReply>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/report/{sid}")] HttpRequest request,
        string sid,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        request.HttpContext.Response.Headers.Vary = "Authorization";
        var ask = new GetReport(sid, user.AccountIdOrNull(), EntityTags.IfNoneMatch(request));
        return (await handler.Handle(ask, ct)).ToHttp(report =>
            EntityTags.Tagged(request, report.ETag, CacheRule(report), () => Results.Ok(ReportReply.From(report))));
    }

    private static string CacheRule(Report report) => report switch
    {
        { Strategy.Visibility: not Visibility.Public } or { IsOwner: true } => "private, no-cache",
        { IsSettled: true } => "public, max-age=30, stale-while-revalidate=30",
        _ => "public, max-age=1",
    };
}
