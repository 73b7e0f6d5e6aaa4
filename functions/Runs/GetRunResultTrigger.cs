using System.Security.Claims;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

public sealed class GetRunResultTrigger(GetRunResultHandler handler)
{
    /// <summary>
    /// The stored result, byte for byte: runs of the same inputs give the same bytes. Others than the owner may keep it for a minute only,
    /// since the strategy may be made private.
    /// </summary>
    [Function("GetRunResult"), AllowAnonymous]
    [ProducesResponseType<object>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/run/{run_id}/result")] HttpRequest request,
        [FromRoute(Name = "run_id")] string runId,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        request.HttpContext.Response.Headers.Vary = "Authorization";
        var ask = new GetRunResult(runId, user.AccountIdOrNull(), EntityTags.IfNoneMatch(request));
        return (await handler.Handle(ask, ct)).ToHttp(result => EntityTags.Tagged(
            request,
            result.ETag,
            CacheRules.WhileReadable(result.IsOwner),
            () => Results.Bytes(result.Json, "application/json")));
    }
}
