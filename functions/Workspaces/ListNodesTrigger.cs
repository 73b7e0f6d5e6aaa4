using System.Security.Claims;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class ListNodesTrigger(ListNodesHandler handler)
{
    /// <summary>The dedicated nodes of the caller's workspace, the included one too.</summary>
    [Function("ListNodes"), Authorize]
    [ProducesResponseType<MyNodes>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/workspace/nodes")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(user.AccountId(), ct)).ToHttp(Results.Ok);
}
