using System.Security.Claims;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

/// <param name="PaymentMethod">The payment provider's id of another method.</param>
public sealed record ChangePaymentMethodBody(string? PaymentMethod);

public sealed class ChangePaymentMethodTrigger(AnswerPaymentHandler handler)
{
    private const int MostBytes = 4 * 1024;

    /// <summary>Gives another payment method to an upgrade of the caller's that waits for payment. Sending it again is harmless.</summary>
    [Function("ChangePaymentMethod"), Authorize, RequestSizeLimit(MostBytes)]
    [ProducesResponseType<UpgradeReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/workspace/upgrade/{upgrade_id}/payment")] HttpRequest request,
        [FromRoute(Name = "upgrade_id")] string upgradeId,
        [FromBody] ChangePaymentMethodBody body,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new ChangePaymentMethod(upgradeId, user.AccountId(), body.PaymentMethod), ct)).ToHttp(upgrade =>
            Results.Accepted($"/api/workspace/upgrade/{upgradeId}", UpgradeReply.ForOwner(upgrade)));
}
