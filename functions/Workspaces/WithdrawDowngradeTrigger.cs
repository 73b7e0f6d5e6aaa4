using System.Security.Claims;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class WithdrawDowngradeTrigger(WithdrawDowngradeHandler handler)
{
    /// <summary>
    /// Takes back the downgrade that waits for the end of the paid period: plan pro goes on. Done when its status is withdrawn.
    /// </summary>
    [Function("WithdrawDowngrade"), Authorize]
    [ProducesResponseType<DowngradeReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = "api/workspace/downgrade")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(user.AccountId(), ct)).ToHttp(DowngradeReply.Accepted);
}
