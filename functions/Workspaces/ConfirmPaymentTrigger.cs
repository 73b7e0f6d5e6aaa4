using System.Security.Claims;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class ConfirmPaymentTrigger(AnswerPaymentHandler handler)
{
    /// <summary>
    /// Says that the caller has authenticated the payment of an upgrade, so that it is looked at now, not in some minutes.
    /// </summary>
    [Function("ConfirmPayment"), Authorize]
    [ProducesResponseType<UpgradeReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/workspace/upgrade/{upgrade_id}/payment/confirmed")]
        HttpRequest request,
        [FromRoute(Name = "upgrade_id")] string upgradeId,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new ConfirmPayment(upgradeId, user.AccountId()), ct)).ToHttp(upgrade =>
            Results.Accepted($"/api/workspace/upgrade/{upgradeId}", UpgradeReply.ForOwner(upgrade)));
}
