using System.Security.Claims;
using Hexabase.Domain.Blobs;
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
    string Sid, string Name, Lineage? Lineage, string RunId, RunStatus Status, RunReply Run, System.Text.Json.JsonElement? Result, RunReply? Newer);

public sealed class GetReportTrigger(GetReportHandler handler, IBlobStore blobs)
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
        if (!(await handler.Handle(new GetReport(sid, user.AccountIdOrNull()), ct)).Succeeded(out var report, out var refusal))
            return Problem.From(refusal);

        var run = report.Run;
        var tag = $"{run.RunId}.{run.Status}.{report.Newer?.RunId}.{report.Newer?.Status}.{report.Strategy.Version}";
        var settled = run.IsFinished() && report.Newer is null;
        var cache = !run.Public ? "private, no-cache" : settled ? "public, max-age=30, stale-while-revalidate=300" : "public, max-age=1";
        if (EntityTags.IfNoneMatch(request) == tag)
            return EntityTags.Tagged(request, tag, cache, () => Results.Empty);

        System.Text.Json.JsonElement? result = run.ResultPath is { } path && await blobs.Read(path, ct) is { } json
            ? System.Text.Json.JsonElement.Parse(json.Span)
            : null;
        return EntityTags.Tagged(request, tag, cache, () => Results.Ok(new ReportReply(
            report.Strategy.Sid,
            report.Strategy.Name,
            report.Strategy.Lineage,
            run.RunId,
            run.Status,
            RunReply.From(run),
            result,
            report.Newer is { } newer ? RunReply.From(newer) : null)));
    }
}
