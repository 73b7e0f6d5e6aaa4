using System.Security.Claims;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Sweeps;

public sealed class GetSweepTrigger(GetSweepHandler handler)
{
    /// <summary>
    /// How a sweep of the caller's stands. <c>wait</c> holds the answer up to so many seconds (at most 60) until it has finished, or, with
    /// If-None-Match, until its status or progress differs.
    /// </summary>
    [Function("GetSweep"), Authorize]
    [ProducesResponseType<SweepReply>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/sweep/{sweep_id}")] HttpRequest request,
        [FromRoute(Name = "sweep_id")] string sweepId,
        [FromQuery] int? wait,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new GetSweep(sweepId, user.AccountId(), Patience.Of(wait), EntityTags.IfNoneMatch(request));
        return (await handler.Handle(ask, ct)).ToHttp(found =>
            EntityTags.Tagged(request, found.ETag, "private, no-cache", () => Results.Ok(SweepReply.From(found.Value))));
    }
}
