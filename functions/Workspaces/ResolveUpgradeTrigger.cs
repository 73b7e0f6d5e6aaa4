using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

/// <summary>Support's answer; size and region are given with place, at least one of them.</summary>
public sealed record ResolveUpgradeBody(SupportAction? Action, string? Size, string? Region, string? Note);

public sealed class ResolveUpgradeTrigger(ResolveUpgradeHandler handler)
{
    private const int MostBytes = 16 * 1024;

    /// <summary>Operators only: answers an upgrade that needs support. The same Idempotency-Key has no second effect.</summary>
    [Function("ResolveUpgrade"), Authorize(Policy = AccountsServices.OperatorPolicy), RequestSizeLimit(MostBytes)]
    [ProducesResponseType<UpgradeReply>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/upgrades/{upgrade_id}/resolve")] HttpRequest request,
        [FromRoute(Name = "upgrade_id")] string upgradeId,
        [FromBody] ResolveUpgradeBody body,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new ResolveUpgrade(
            user.AccountId(), idempotencyKey, upgradeId, body.Action, body.Size, body.Region, body.Note, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(upgrade => Results.Ok(UpgradeReply.ForOperator(upgrade)));
    }
}
