using Hexabase.Domain.Accounts;

namespace Hexabase.Functions.Http;

/// <summary>
/// The usual headers of an API that serves no pages: nothing may be loaded, framed, sniffed or remembered unless a function says so.
/// </summary>
public static class SecurityHeaders
{
    public static void UseSecurityHeaders(this WebApplication app)
    {
        // What arrives here is plain HTTP from the host; how browsers came is in the site's own address.
        var isHttps = app.Services.GetRequiredService<SiteAddresses>().PublicBaseUrl.Scheme == Uri.UriSchemeHttps;
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Resource-Policy"] = "same-site";
            headers.CacheControl = "no-store";
            if (isHttps)
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            return next(context);
        });
    }
}
