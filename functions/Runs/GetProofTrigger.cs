using System.Security.Claims;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Runs;

public sealed class GetProofTrigger(GetProofHandler handler)
{
    /// <summary>
    /// The result with its strategy and our signature, as a file that anybody can check: see POST /api/verify and the command line. Cached
    /// as the result is.
    /// </summary>
    [Function("GetProof"), AllowAnonymous]
    [ProducesResponseType<object>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/run/{run_id}/proof")] HttpRequest request,
        [FromRoute(Name = "run_id")] string runId,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        request.HttpContext.Response.Headers.Vary = "Authorization";
        var ask = new GetProof(runId, user.AccountIdOrNull(), EntityTags.IfNoneMatch(request));
        return (await handler.Handle(ask, ct)).ToHttp(proof => EntityTags.Tagged(
            request,
            proof.ETag,
            CacheRules.WhileReadable(proof.IsOwner),
            () => Results.Bytes(proof.Json, "application/json", $"proof-{proof.ETag}.json")));
    }
}
