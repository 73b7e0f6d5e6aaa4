using System.Security.Claims;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class GetUpgradeTrigger(GetUpgradeHandler handler)
{
    /// <summary>
    /// How an upgrade of the caller's stands. <c>wait</c> holds the answer up to so many seconds (at most 60) until it has finished or
    /// waits for its owner or support, or, with If-None-Match, until anything differs.
    /// </summary>
    [Function("GetUpgrade"), Authorize]
    [ProducesResponseType<UpgradeReply>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/workspace/upgrade/{upgrade_id}")] HttpRequest request,
        [FromRoute(Name = "upgrade_id")] string upgradeId,
        [FromQuery] int? wait,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new GetUpgrade(upgradeId, user.AccountId(), Patience.Of(wait), EntityTags.IfNoneMatch(request));

        // Not to be stored: it may hold the secret of a payment that waits for authentication.
        return (await handler.Handle(ask, ct)).ToHttp(found =>
            EntityTags.Tagged(request, found.ETag, "private, no-store", () => Results.Ok(UpgradeReply.ForOwner(found.Value))));
    }
}
