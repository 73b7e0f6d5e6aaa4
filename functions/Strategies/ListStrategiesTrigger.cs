using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Strategies;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Strategies;

public sealed class ListStrategiesTrigger(ListStrategiesHandler handler)
{
    private const int DefaultLimit = 20;

    /// <summary>A page of public strategies, newest first; with <c>mine=true</c> of the caller's own, who has to be signed in.</summary>
    [Function("ListStrategies"), AllowAnonymous]
    [ProducesResponseType<Listed<PublicStrategy>>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/strategies")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct,
        int limit = DefaultLimit,
        string? continuation = null,
        bool mine = false)
    {
        if (!mine)
            return (await handler.Handle(new ListStrategies(limit, continuation), ct)).ToHttp(Results.Ok);
        return user.AccountIdOrNull() is { } accountId
            ? (await handler.Handle(new ListOwnStrategies(accountId, limit, continuation), ct)).ToHttp(Results.Ok)
            : Results.Challenge();
    }
}
