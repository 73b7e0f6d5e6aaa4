using Hexabase.Adapters.OAuth;
using Hexabase.Domain.Accounts;

namespace Hexabase.Functions.Accounts;

/// <summary>Section <c>Auth</c> of the configuration; as an environment variable <c>Auth__Google__ClientId</c> and so on.</summary>
/// <param name="PublicBaseUrl">Where browsers reach the site, such as <c>https://api.example.com</c>; also the tokens' issuer.</param>
/// <param name="AllowedRedirects">Further origins that people are sent back to and that may call with cookies; a list.</param>
/// <param name="SigningKeys">See <see cref="Adapters.Tokens.SigningKeys"/>.</param>
/// <param name="RetiredKeys">The same.</param>
/// <param name="Section">For what each provider adds.</param>
internal sealed record AuthSettings(
    string PublicBaseUrl, IReadOnlyList<string> AllowedRedirects, string? SigningKeys, string? RetiredKeys, IConfigurationSection Section)
{
    /// <exception cref="InvalidAuthSettingException">The site's own address is missing.</exception>
    public static AuthSettings Read(IConfigurationSection auth) => new(
        auth["PublicBaseUrl"]
            ?? throw new InvalidAuthSettingException("Auth__PublicBaseUrl is missing: the origin browsers reach this site at."),
        auth.GetList("AllowedRedirects"),
        auth["SigningKeys"],
        auth["RetiredKeys"],
        auth);

    /// <summary>
    /// How to make each provider that is configured. Endpoints are the real ones unless configured otherwise. Provider <c>dev</c>, which
    /// believes whatever name it is told, is for development only.
    /// </summary>
    /// <exception cref="InvalidAuthSettingException">A provider is configured in part, or an endpoint is no address.</exception>
    public IReadOnlyList<ConfiguredProvider> Providers()
    {
        var providers = new List<ConfiguredProvider>();
        if (Credentials("Google") is { } google)
        {
            var endpoints = GoogleEndpoints();
            providers.Add(new(oauth => new OpenIdProvider("google", endpoints, google, oauth), DevelopmentOnly: false));
        }
        if (Credentials("GitHub") is { } gitHub)
        {
            var endpoints = GitHubEndpoints();
            providers.Add(new(oauth => new GitHubProvider(endpoints, gitHub, oauth), DevelopmentOnly: false));
        }
        if (Section["Dev:Authority"]?.TrimEnd('/') is { Length: > 0 } authority)
        {
            var (endpoints, client) = (DevEndpoints(authority), new OAuthClientCredentials("hexabase-local", Secret: null));
            providers.Add(new(oauth => new OpenIdProvider("dev", endpoints, client, oauth), DevelopmentOnly: true));
        }
        return providers;
    }

    /// <summary>developers.google.com/identity/openid-connect, and accounts.google.com/.well-known/openid-configuration.</summary>
    private OpenIdEndpoints GoogleEndpoints() => new(
        Address("Google:AuthorizationEndpoint", "https://accounts.google.com/o/oauth2/v2/auth"),
        Address("Google:TokenEndpoint", "https://oauth2.googleapis.com/token"),
        Address("Google:UserInfoEndpoint", "https://openidconnect.googleapis.com/v1/userinfo"));

    /// <summary>docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps.</summary>
    private GitHubEndpoints GitHubEndpoints() => new(
        Address("GitHub:AuthorizationEndpoint", "https://github.com/login/oauth/authorize"),
        Address("GitHub:TokenEndpoint", "https://github.com/login/oauth/access_token"),
        Address("GitHub:ApiBaseUrl", "https://api.github.com").AbsoluteUri.TrimEnd('/'));

    /// <summary>The paths of oauth2-mock-server.</summary>
    private OpenIdEndpoints DevEndpoints(string authority) => new(
        Address("Dev:AuthorizationEndpoint", $"{authority}/authorize"),
        Address("Dev:TokenEndpoint", $"{authority}/token"),
        Address("Dev:UserInfoEndpoint", $"{authority}/userinfo"));

    private OAuthClientCredentials? Credentials(string provider) =>
        (Section[$"{provider}:ClientId"], Section[$"{provider}:ClientSecret"]) switch
        {
            ({ Length: > 0 } id, { Length: > 0 } secret) => new OAuthClientCredentials(id, secret),
            (null or "", null or "") => null,
            _ => throw new InvalidAuthSettingException(
                $"Auth__{provider}__ClientId and Auth__{provider}__ClientSecret belong together: one of them is missing."),
        };

    private Uri Address(string key, string standard) =>
        Uri.TryCreate(Section[key] ?? standard, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InvalidAuthSettingException($"Auth__{key.Replace(":", "__", StringComparison.Ordinal)} is no http(s) address.");
}

/// <summary>A provider whose settings have been checked.</summary>
internal sealed record ConfiguredProvider(Func<OAuthClient, IIdentityProvider> Create, bool DevelopmentOnly);
