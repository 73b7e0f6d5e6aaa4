namespace Hexabase.Domain.Accounts;

/// <summary>The site's own address and the pages that may work with it.</summary>
public sealed class SiteAddresses
{
    /// <summary>Longest address to return to; it travels in a cookie.</summary>
    public const int MaxRedirectLength = 2_000;

    private readonly HashSet<string> origins;

    /// <param name="publicBaseUrl">Where browsers reach this site, as <see cref="ParseOrigin"/> gives it.</param>
    /// <param name="allowedOrigins">Further origins that people may be sent back to and that may call with cookies; the same.</param>
    public SiteAddresses(Uri publicBaseUrl, IEnumerable<Uri> allowedOrigins)
    {
        PublicBaseUrl = publicBaseUrl;
        Issuer = Origin(publicBaseUrl);
        origins = allowedOrigins.Select(Origin).Append(Issuer).ToHashSet(StringComparer.Ordinal);
    }

    public Uri PublicBaseUrl { get; }

    /// <summary>The site as a token issuer: scheme, host and port.</summary>
    public string Issuer { get; }

    /// <summary>The site runs on its user's own machine, where there is no certificate.</summary>
    public bool IsLocal => PublicBaseUrl.IsLoopback;

    public Uri Callback(string provider) => new(PublicBaseUrl, $"/api/auth/{provider}/callback");

    /// <summary>
    /// The address in canonical form, so that a browser and this check cannot read it differently; null unless it is absolute, http(s),
    /// without user information, and its origin is allowed.
    /// </summary>
    public Uri? Redirect(string? address) =>
        address is { Length: <= MaxRedirectLength } && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && IsWeb(uri) && uri.UserInfo.Length == 0 && origins.Contains(Origin(uri)) && uri.AbsoluteUri.Length <= MaxRedirectLength
            ? uri
            : null;

    /// <summary>Whether a page of this origin, as browsers write it into <c>Origin</c>, may call with cookies.</summary>
    public bool Allows(string origin) => origins.Contains(origin);

    /// <summary>An http or https address without a path, such as <c>https://app.example.com</c>.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Uri ParseOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && IsWeb(uri) && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? uri
            : throw new FormatException("That is no origin such as https://app.example.com.");

    private static string Origin(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    private static bool IsWeb(Uri uri) => uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp;
}
