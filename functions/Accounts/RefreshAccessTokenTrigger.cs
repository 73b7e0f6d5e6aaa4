using Hexabase.Domain.Accounts;
using Hexabase.Functions.Http;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Hexabase.Functions.Accounts;

public sealed class RefreshAccessTokenTrigger(RefreshAccessHandler handler, SiteAddresses site, AuthCookies cookies)
{
    /// <summary>
    /// Gives an access token for the refresh cookie and replaces the cookie. 401 <c>NO_SESSION</c> or <c>SESSION_REVOKED</c>; 403 when a
    /// page of another site asks.
    /// </summary>
    [Function("RefreshAccessToken"), AllowAnonymous]
    [ProducesResponseType<AccessTokenReply>(200)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/auth/refresh")] HttpRequest request, CancellationToken ct)
    {
        var response = request.HttpContext.Response;
        if (request.IsForeignCall(site))
            return Problem.From(new CrossSiteRequest());
        var cookie = request.Cookies[AuthCookies.Refresh];
        return (await handler.Handle(new RefreshAccess(cookie), ct)).Match(
            access =>
            {
                if (access.RefreshToken is { } next)
                    cookies.SetRefresh(response, next);
                return Results.Ok(new AccessTokenReply(access.AccessToken, "Bearer", (int)access.ExpiresIn.TotalSeconds));
            },
            refusal =>
            {
                if (cookie is not null)
                    cookies.ClearRefresh(response);
                return Problem.From(refusal);
            });
    }
}

/// <summary>A token reply (RFC 6749, 5.1).</summary>
/// <param name="ExpiresIn">Seconds.</param>
public sealed record AccessTokenReply(string AccessToken, string TokenType, int ExpiresIn);
