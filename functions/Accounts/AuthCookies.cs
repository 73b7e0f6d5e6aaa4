using Hexabase.Domain.Accounts;

namespace Hexabase.Functions.Accounts;

/// <summary>
/// The two cookies of sign-in. Both are HttpOnly and SameSite=Lax, which other sites' forms and scripts cannot send along, and Secure
/// unless the site is on its user's own machine.
/// </summary>
public sealed class AuthCookies(SiteAddresses site)
{
    public const string Refresh = "hexabase_refresh";
    public const string Pending = "hexabase_signin";

    public void SetRefresh(HttpResponse response, RefreshToken token) =>
        response.Cookies.Append(Refresh, token.ToCookieValue(), Options("/api/auth", Session.Lifetime));

    public void ClearRefresh(HttpResponse response) => response.Cookies.Delete(Refresh, Options("/api/auth"));

    public void SetPending(HttpResponse response, string provider, string sealedPending) =>
        response.Cookies.Append(Pending, sealedPending, Options(PendingPath(provider), PendingSignIn.Lifetime));

    public void ClearPending(HttpResponse response, string provider) => response.Cookies.Delete(Pending, Options(PendingPath(provider)));

    /// <summary>The provider's own, so that sign-ins at two of them do not disturb each other.</summary>
    private static string PendingPath(string provider) => $"/api/auth/{provider}/callback";

    private CookieOptions Options(string path, TimeSpan? maxAge = null) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = !site.IsLocal,
        Path = path,
        MaxAge = maxAge,
        IsEssential = true,
    };
}
