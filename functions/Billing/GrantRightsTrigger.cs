using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Functions.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Billing;

/// <summary>
/// What to grant; what is left out stays as it is. Credits and daily runs are added, and may be negative; 0 runs a minute stands for the
/// plan's.
/// </summary>
public sealed record GrantRightsBody(
    string Reason, PlanName? Plan, bool? SpeedPack, long Credits, int DailyRuns, int? RunsPerMinute);

public sealed class GrantRightsTrigger(GrantRightsHandler handler)
{
    private const int MostBytes = 16 * 1024;

    /// <summary>Operators only: changes an account's plan, speed pack, credits, runs of the day or rate limit.</summary>
    [Function("GrantRights"), Authorize(Policy = AccountsServices.OperatorPolicy), RequestSizeLimit(MostBytes)]
    [ProducesResponseType<Usage>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/accounts/{id}/grants")] HttpRequest request,
        string id,
        [FromBody] GrantRightsBody body,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new GrantRights(
            user.AccountId(),
            id,
            idempotencyKey,
            body.Reason,
            body.Plan,
            body.SpeedPack,
            body.Credits,
            body.DailyRuns,
            body.RunsPerMinute,
            request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(Results.Ok);
    }
}
