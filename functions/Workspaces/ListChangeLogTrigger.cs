using System.Security.Claims;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class ListChangeLogTrigger(ListChangeLogHandler handler)
{
    private const int DefaultLimit = 50;

    /// <summary>A page of the audit trail of the caller's workspace: changes newest first, each from its last line to its first.</summary>
    [Function("ListChangeLog"), Authorize]
    [ProducesResponseType<Listed<ChangeLogEntry>>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/workspace/log")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct,
        int limit = DefaultLimit,
        string? continuation = null) =>
        (await handler.Handle(new ListChangeLog(user.AccountId(), limit, continuation), ct)).ToHttp(Results.Ok);
}
