using System.Security.Claims;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class GetNodeOrderTrigger(GetChangeHandler handler)
{
    /// <summary>
    /// How a node order of the caller's stands. <c>wait</c> holds the answer up to so many seconds (at most 60) until it has finished, or,
    /// with If-None-Match, until it differs.
    /// </summary>
    [Function("GetNodeOrder"), Authorize]
    [ProducesResponseType<NodeOrderReply>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/workspace/nodes/orders/{order_id}")] HttpRequest request,
        [FromRoute(Name = "order_id")] string orderId,
        [FromQuery] int? wait,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new GetChange(WorkspaceChangeKind.NodeOrder, orderId, user.AccountId(), Patience.Of(wait), EntityTags.IfNoneMatch(request));
        return (await handler.Handle<NodeOrder>(ask, ct)).ToHttp(found =>
            EntityTags.Tagged(request, found.ETag, "private, no-cache", () => Results.Ok(NodeOrderReply.From(found.Value))));
    }
}
