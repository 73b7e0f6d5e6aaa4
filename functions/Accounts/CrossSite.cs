using Hexabase.Domain;
using Hexabase.Domain.Accounts;

namespace Hexabase.Functions.Accounts;

/// <summary>Another site made the browser send this.</summary>
internal sealed record CrossSiteRequest() : Refusal(
    RefusalKind.Forbidden, "CROSS_SITE_REQUEST", "This can only be done from a page of this product.");

/// <summary>Keeps other sites from using a visitor's cookies.</summary>
internal static class CrossSite
{
    /// <summary>For calls by script: an <c>Origin</c>, where the browser sends one, must be an allowed one.</summary>
    public static bool IsForeignCall(this HttpRequest request, SiteAddresses site) =>
        request.Headers.Origin is [{ } origin] ? !site.Allows(origin) : request.Headers.Origin.Count > 0;

    /// <summary>For links: the browser says that the page with the link is another site's.</summary>
    public static bool IsForeignLink(this HttpRequest request) => request.Headers["Sec-Fetch-Site"] == "cross-site";
}
