using System.Security.Claims;
using Hexabase.Domain.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Accounts;

public sealed class GetMeTrigger(GetMeHandler handler)
{
    /// <summary>The signed-in account: profile, organization, workspace, plan, and where to go from here.</summary>
    [Function("GetMe"), Authorize]
    [ProducesResponseType<Me>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/me")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new GetMe(user.AccountId()), ct)).ToHttp(Results.Ok);
}
