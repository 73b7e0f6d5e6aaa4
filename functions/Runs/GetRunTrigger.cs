using System.Security.Claims;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

public sealed class GetRunTrigger(GetRunHandler handler)
{
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
        request.HttpContext.Response.Headers.Vary = "Authorization";
        var known = EntityTags.IfNoneMatch(request);
        var ask = new GetRun(runId, user.AccountIdOrNull(), Patience.Of(wait), known);
        return (await handler.Handle(ask, ct)).ToHttp(found =>
            EntityTags.Tagged(request, found.ETag, "private, no-cache", () => Results.Ok(RunReply.From(found.Run, found.IsOwner))));
    }
}
