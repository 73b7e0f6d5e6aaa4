using Hexabase.Domain.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Accounts;

public sealed class StartSignInTrigger(StartSignInHandler handler, AuthCookies cookies)
{
    /// <summary>
    /// Sends the browser to a provider to sign in; afterwards it comes back to <c>redirect</c>, with <c>?error=CODE</c> when that failed.
    /// With <c>link=true</c> the identity is added to the account that is signed in.
    /// </summary>
    [Function("StartSignIn"), AllowAnonymous]
    [ProducesResponseType(302)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/auth/{provider}/start")] HttpRequest request,
        string provider,
        [FromQuery] string? redirect,
        [FromQuery(Name = "login_hint")] string? loginHint,
        [FromQuery] bool? link,
        CancellationToken ct)
    {
        if (link == true && request.IsForeignLink())
            return Problem.From(new CrossSiteRequest());
        var ask = new StartSignIn(provider, redirect, loginHint, link == true, request.Cookies[AuthCookies.Refresh]);
        return (await handler.Handle(ask, ct)).ToHttp(started =>
        {
            cookies.SetPending(request.HttpContext.Response, provider, started.SealedPending);
            return Results.Redirect(started.AuthorizationAddress.AbsoluteUri);
        });
    }
}
