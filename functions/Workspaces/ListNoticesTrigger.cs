using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class ListNoticesTrigger(ListNoticesHandler handler)
{
    private const int DefaultLimit = 20;

    /// <summary>A page of what the caller was told, newest first.</summary>
    [Function("ListNotices"), Authorize]
    [ProducesResponseType<Listed<Notice>>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/notices")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct,
        int limit = DefaultLimit,
        string? continuation = null) =>
        (await handler.Handle(new ListNotices(user.AccountId(), limit, continuation), ct)).ToHttp(Results.Ok);
}
