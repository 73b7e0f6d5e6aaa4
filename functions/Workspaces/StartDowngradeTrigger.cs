using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class StartDowngradeTrigger(StartDowngradeHandler handler)
{
    /// <summary>
    /// Lets the caller's workspace go back to plan hobby at the end of the paid period. The reply tells what is over hobby's limits. The
    /// same Idempotency-Key gives the same downgrade.
    /// </summary>
    [Function("StartDowngrade"), Authorize]
    [ProducesResponseType<DowngradeReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/workspace/downgrade")] HttpRequest request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new StartDowngrade(user.AccountId(), idempotencyKey, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(DowngradeReply.Accepted);
    }
}
