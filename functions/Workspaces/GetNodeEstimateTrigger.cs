using System.Security.Claims;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class GetNodeEstimateTrigger(GetNodeEstimateHandler handler)
{
    /// <summary>What the caller's workspace would cost a month with one more node.</summary>
    [Function("GetNodeEstimate"), Authorize]
    [ProducesResponseType<NodeEstimate>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/workspace/nodes/estimate")] HttpRequest request,
        [FromQuery] string? size,
        [FromQuery] string? region,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new GetNodeEstimate(user.AccountId(), size, region), ct)).ToHttp(Results.Ok);
}
