using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Sweeps;

public sealed class ListSweepsTrigger(ListSweepsHandler handler)
{
    private const int DefaultLimit = 20;

    /// <summary>A page of the caller's sweeps, newest first.</summary>
    [Function("ListSweeps"), Authorize]
    [ProducesResponseType<Listed<SweepReply>>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/sweeps")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct,
        int limit = DefaultLimit,
        string? continuation = null) =>
        (await handler.Handle(new ListSweeps(user.AccountId(), limit, continuation), ct)).ToHttp(page =>
            Results.Ok(new Listed<SweepReply>([.. page.Items.Select(SweepReply.From)], page.Continuation)));
}
