using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

/// <summary>Which node.</summary>
/// <param name="Size">One of the plan page's node sizes.</param>
/// <param name="Region">One of the plan page's regions.</param>
/// <param name="TermsAccepted">Must be true: its share of the running period is charged at once, then a month at a time.</param>
public sealed record StartNodeOrderBody(string? Size, string? Region, bool TermsAccepted);

public sealed class StartNodeOrderTrigger(StartNodeOrderHandler handler)
{
    private const int MostBytes = 4 * 1024;

    /// <summary>
    /// Orders one more dedicated node for the caller's workspace on plan pro. The same Idempotency-Key gives the same order.
    /// </summary>
    [Function("StartNodeOrder"), Authorize, RequestSizeLimit(MostBytes)]
    [ProducesResponseType<NodeOrderReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/workspace/nodes")] HttpRequest request,
        [FromBody] StartNodeOrderBody body,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new StartNodeOrder(
            user.AccountId(), idempotencyKey, body.Size, body.Region, body.TermsAccepted, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(order =>
            Results.Accepted($"/api/workspace/nodes/orders/{order.OrderId}", NodeOrderReply.From(order)));
    }
}
