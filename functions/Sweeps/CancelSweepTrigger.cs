using System.Security.Claims;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Sweeps;

public sealed class CancelSweepTrigger(CancelSweepHandler handler)
{
    /// <summary>
    /// Stops a sweep of the caller's. 202 while it is still computing, for about a second; 200 once it has finished, however it did.
    /// </summary>
    [Function("CancelSweep"), Authorize]
    [ProducesResponseType<SweepReply>(200), ProducesResponseType<SweepReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/sweep/{sweep_id}/cancel")] HttpRequest request,
        [FromRoute(Name = "sweep_id")] string sweepId,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new CancelSweep(sweepId, user.AccountId()), ct)).ToHttp(sweep => sweep.IsFinished()
            ? Results.Ok(SweepReply.From(sweep))
            : Results.Accepted($"/api/sweep/{sweepId}", SweepReply.From(sweep)));
}
