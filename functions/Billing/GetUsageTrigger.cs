using System.Security.Claims;
using Hexabase.Domain.Billing;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Billing;

public sealed class GetUsageTrigger(GetUsageHandler handler)
{
    /// <summary>What the caller may still run.</summary>
    [Function("GetUsage"), Authorize]
    [ProducesResponseType<Usage>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/usage")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        Results.Ok(await handler.Handle(user.AccountId(), ct));
}
