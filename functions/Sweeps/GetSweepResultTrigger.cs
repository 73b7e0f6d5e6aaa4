using System.Security.Claims;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Sweeps;

public sealed class GetSweepResultTrigger(GetSweepResultHandler handler)
{
    /// <summary>The stored result of a sweep of the caller's, byte for byte.</summary>
    [Function("GetSweepResult"), Authorize]
    [ProducesResponseType<object>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/sweep/{sweep_id}/result")] HttpRequest request,
        [FromRoute(Name = "sweep_id")] string sweepId,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new GetSweepResult(sweepId, user.AccountId(), EntityTags.IfNoneMatch(request));
        return (await handler.Handle(ask, ct)).ToHttp(result => EntityTags.Tagged(
            request, result.ETag, CacheRules.PrivateForGood, () => Results.Bytes(result.Json, "application/json")));
    }
}
