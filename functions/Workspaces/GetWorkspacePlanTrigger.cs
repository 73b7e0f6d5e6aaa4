using System.Security.Claims;
using Hexabase.Domain.Workspaces;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class GetWorkspacePlanTrigger(GetWorkspacePlanHandler handler)
{
    /// <summary>
    /// The caller's workspace: what it uses of its limits, its nodes, what is under way; and the plans side by side with their prices. A
    /// limit that is left out is none.
    /// </summary>
    [Function("GetWorkspacePlan"), Authorize]
    [ProducesResponseType<WorkspacePlanPage>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/workspace/plan")] HttpRequest request,
        ClaimsPrincipal user,
        CancellationToken ct) =>
        (await handler.Handle(user.AccountId(), ct)).ToHttp(Results.Ok);
}
