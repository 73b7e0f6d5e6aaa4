using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

/// <summary>What is agreed to.</summary>
/// <param name="PaymentMethod">The payment provider's id, which begins with pm_.</param>
/// <param name="TermsAccepted">Must be true: the first month is charged at once.</param>
/// <param name="Region">Where the included node is to be; one of the plan page's regions, the first when left out.</param>
public sealed record StartUpgradeBody(string? PaymentMethod, bool TermsAccepted, string? Region);

/// <summary>The upgrade that was accepted.</summary>
public sealed record StartUpgradeReply(string UpgradeId, UpgradeStatus Status);

public sealed class StartUpgradeTrigger(StartUpgradeHandler handler)
{
    private const int MostBytes = 4 * 1024;

    /// <summary>Upgrades the caller's workspace to plan pro. The same Idempotency-Key gives the same upgrade.</summary>
    [Function("StartUpgrade"), Authorize, RequestSizeLimit(MostBytes)]
    [ProducesResponseType<StartUpgradeReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/workspace/upgrade")] HttpRequest request,
        [FromBody] StartUpgradeBody body,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new StartUpgrade(
            user.AccountId(), idempotencyKey, body.PaymentMethod, body.TermsAccepted, body.Region, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(upgrade => Results.Accepted(
            $"/api/workspace/upgrade/{upgrade.UpgradeId}", new StartUpgradeReply(upgrade.UpgradeId, upgrade.Status)));
    }
}
