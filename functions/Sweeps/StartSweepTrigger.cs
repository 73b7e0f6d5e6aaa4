using System.Security.Claims;
using System.Text.Json;
using Hexabase.Backtesting.Strategies;
using Hexabase.Domain;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Sweeps;

/// <summary>What to search.</summary>
/// <param name="Search">Parameters, method, objective, constraints and validation; docs/sweeps.md says how.</param>
public sealed record StartSweepBody(string Sid, string CodeHash, string DatasetHash, JsonElement Search);

/// <summary>The sweep that was accepted.</summary>
/// <param name="Evaluations">How many backtests it takes.</param>
public sealed record StartSweepReply(string SweepId, int Evaluations, SweepCharge Charge);

public sealed class StartSweepTrigger(StartSweepHandler handler)
{
    /// <summary>Starts a search over a strategy's parameters. The same Idempotency-Key gives the same sweep.</summary>
    [Function("StartSweep"), Authorize, RequestSizeLimit(2 * StrategyLimits.DocumentBytes)]
    [ProducesResponseType<StartSweepReply>(202)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/sweep")] HttpRequest request,
        [FromBody] StartSweepBody body,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new StartSweep(
            user.AccountId(), idempotencyKey, body.Sid, body.CodeHash, body.DatasetHash, body.Search, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(sweep => Results.Accepted(
            $"/api/sweep/{sweep.SweepId}", new StartSweepReply(sweep.SweepId, sweep.Evaluations, SweepCharge.Of(sweep.Paid))));
    }
}
