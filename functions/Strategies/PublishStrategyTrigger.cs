using System.Security.Claims;
using System.Text.Json;
using Hexabase.Backtesting.Strategies;
using Hexabase.Domain.Strategies;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Strategies;

/// <summary>What to publish.</summary>
/// <param name="Sid">An own strategy to change; left out for a new one.</param>
/// <param name="Code">The <c>hexabase.strategy/v1</c> document.</param>
/// <param name="Visibility"><c>public</c> or <c>private</c>.</param>
public sealed record PublishBody(string? Sid, JsonElement Code, string? Visibility);

public sealed class PublishStrategyTrigger(PublishStrategyHandler handler)
{
    /// <summary>
    /// 201 for a new strategy, 200 for a change of an own one or for none, with the version that stands now. A repeat of a new one under
    /// its Idempotency-Key changes nothing.
    /// </summary>
    [Function("PublishStrategy"), Authorize, RequestSizeLimit(2 * StrategyLimits.DocumentBytes)]
    [ProducesResponseType<PublishedStrategy>(201), ProducesResponseType<PublishedStrategy>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/strategies/publish")] HttpRequest request,
        [FromBody] PublishBody body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new PublishStrategy(user.AccountId(), body.Sid, body.Code, body.Visibility ?? "", idempotencyKey);
        return (await handler.Handle(ask, ct)).ToHttp(published =>
            published.Created ? Results.Created($"/api/strategies/{published.Sid}", published) : Results.Ok(published));
    }
}
