using System.Security.Claims;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class CancelUpgradeTrigger(AnswerPaymentHandler handler)
{
    /// <summary>Gives an upgrade of the caller's up that waits for payment. 202 until it has ended; nothing is charged.</summary>
    [Function("CancelUpgrade"), Authorize]
    [ProducesResponseType<UpgradeReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/workspace/upgrade/{upgrade_id}/cancel")] HttpRequest request,
        [FromRoute(Name = "upgrade_id")] string upgradeId,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new CancelUpgrade(upgradeId, user.AccountId()), ct)).ToHttp(upgrade =>
            Results.Accepted($"/api/workspace/upgrade/{upgradeId}", UpgradeReply.ForOwner(upgrade)));
}
