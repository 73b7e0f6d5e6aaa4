using System.Security.Claims;
using Hexabase.Domain.Strategies;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Strategies;

public sealed class GetStrategyTrigger(GetStrategyHandler handler)
{
    /// <summary>200 with the strategy and its ETag, 304 when <c>If-None-Match</c> names it, 404 for what the caller may not read.</summary>
    [Function("GetStrategy"), AllowAnonymous]
    [ProducesResponseType<StrategyView>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/strategies/{sid}")] HttpRequest request,
        string sid,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(new GetStrategy(sid, user.AccountIdOrNull()), ct)).ToHttp(found => EntityTags.Tagged(
            request,
            $"{found.Sid}.{found.Revision}",
            found.Visibility == Visibility.Public ? "public, no-cache" : "private, no-cache",
            () => Results.Ok(StrategyView.Of(found))));
}
