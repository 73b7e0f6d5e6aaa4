using Hexabase.Domain.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Accounts;

public sealed class SignOutTrigger(Sessions sessions, SiteAddresses site, AuthCookies cookies)
{
    /// <summary>
    /// Ends the browser's session; 204 also when there was none. Access tokens given out before stay good until they are over.
    /// </summary>
    [Function("SignOut"), AllowAnonymous]
    [ProducesResponseType(204)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/auth/sign-out")] HttpRequest request, CancellationToken ct)
    {
        if (request.IsForeignCall(site))
            return Problem.From(new CrossSiteRequest());
        await sessions.End(request.Cookies[AuthCookies.Refresh], ct);
        cookies.ClearRefresh(request.HttpContext.Response);
        return Results.NoContent();
    }
}
