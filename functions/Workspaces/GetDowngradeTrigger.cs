using System.Security.Claims;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Workspaces;

public sealed class GetDowngradeTrigger(GetChangeHandler handler)
{
    /// <summary>
    /// How a downgrade of the caller's stands. <c>wait</c> holds the answer up to so many seconds (at most 60) until it has finished, or,
    /// with If-None-Match, until it differs.
    /// </summary>
    [Function("GetDowngrade"), Authorize]
    [ProducesResponseType<DowngradeReply>(200), ProducesResponseType(304)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/workspace/downgrade/{downgrade_id}")] HttpRequest request,
        [FromRoute(Name = "downgrade_id")] string downgradeId,
        [FromQuery] int? wait,
        ClaimsPrincipal user,
        CancellationToken ct)
    {
        var ask = new GetChange(WorkspaceChangeKind.Downgrade, downgradeId, user.AccountId(), Patience.Of(wait), EntityTags.IfNoneMatch(request));
        return (await handler.Handle<Downgrade>(ask, ct)).ToHttp(found =>
            EntityTags.Tagged(request, found.ETag, "private, no-cache", () => Results.Ok(DowngradeReply.From(found.Value))));
    }
}
