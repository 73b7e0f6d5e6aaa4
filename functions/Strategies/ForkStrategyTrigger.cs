using System.Security.Claims;
using Hexabase.Domain.Strategies;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Strategies;

/// <summary>What to fork.</summary>
/// <param name="Seed">Of the first run; 0 when left out.</param>
public sealed record ForkBody(string? Sid, long Seed = 0);

public sealed class ForkStrategyTrigger(ForkStrategyHandler handler, ClientAddress address)
{
    private const int MostBytes = 16 * 1024;

    /// <summary>201 with the copy and the id of its first run, which is queued already.</summary>
    [Function("ForkStrategy"), Authorize, RequestSizeLimit(MostBytes)]
    [ProducesResponseType<ForkedStrategy>(201)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/strategies/fork")] HttpRequest request,
        [FromBody] ForkBody body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new ForkStrategy(
            user.AccountId(), body.Sid ?? "", body.Seed, address.Of(request), idempotencyKey, request.HttpContext.TraceIdentifier);
        return (await handler.Handle(ask, ct)).ToHttp(fork => Results.Created($"/api/strategies/{fork.Sid}", fork));
    }
}
