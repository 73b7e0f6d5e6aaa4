using Hexabase.Adapters.OAuth;
using Hexabase.Adapters.Settings;
using Hexabase.Adapters.Tokens;
using Hexabase.Domain.Accounts;

namespace Hexabase.Functions.Accounts;

/// <summary>Section <c>Auth</c>, and the list <c>Operators</c>.</summary>
/// <param name="PublicBaseUrl">Where browsers reach the site, such as <c>https://api.example.com</c>; also the tokens' issuer.</param>
/// <param name="AllowedRedirects">Further origins that people are sent back to and that may call with cookies.</param>
/// <param name="Keys">Of tokens and results.</param>
/// <param name="Providers">Those that are configured.</param>
/// <param name="Operators">Verified e-mail addresses of those who may do more.</param>
public sealed record AuthSettings(
    Uri PublicBaseUrl,
    IReadOnlyList<Uri> AllowedRedirects,
    SigningKeys Keys,
    IReadOnlyList<ConfiguredProvider> Providers,
    IReadOnlyList<string> Operators)
{
    private static readonly SettingKind<Uri> Origin =
        new("an origin that browsers use, such as https://app.example.com", SiteAddresses.ParseOrigin);

    private static readonly SettingKind<string> PrivateKeys = SettingKinds.Secret("private keys on the curve P-256, as PKCS#8 in PEM");
    private static readonly SettingKind<string> PublicKeys = SettingKinds.Text("public keys on the curve P-256, in PEM");
    private static readonly SettingKind<Uri> Endpoint = SettingKinds.SafeAddress("an address of the provider");

    private static readonly SettingKind<string> Email = new(
        "a verified e-mail address", text => text.Contains('@', StringComparison.Ordinal) ? text : throw new FormatException());

    public static AuthSettings Read(SettingsReader settings)
    {
        var auth = settings.Section("Auth");
        var (keys, retired) = (auth.Required("SigningKeys", PrivateKeys), auth.Optional("RetiredKeys", PublicKeys));
        return new AuthSettings(
            auth.Required("PublicBaseUrl", Origin),
            auth.List("AllowedRedirects", Origin),
            keys is null ? null! : settings.Try(() => SigningKeys.Parse(keys, retired))!,
            [
                .. Google(auth.Section("Google")),
                .. GitHub(auth.Section("GitHub")),
                .. Dev(auth.Section("Dev")),
            ],
            settings.List("Operators", Email));
    }

    /// <summary>developers.google.com/identity/openid-connect, and accounts.google.com/.well-known/openid-configuration.</summary>
    private static IEnumerable<ConfiguredProvider> Google(SettingsReader section)
    {
        var endpoints = new OpenIdEndpoints(
            section.Optional("AuthorizationEndpoint", Endpoint, new Uri("https://accounts.google.com/o/oauth2/v2/auth")),
            section.Optional("TokenEndpoint", Endpoint, new Uri("https://oauth2.googleapis.com/token")),
            section.Optional("UserInfoEndpoint", Endpoint, new Uri("https://openidconnect.googleapis.com/v1/userinfo")));
        if (Credentials(section) is { } client)
            yield return new(oauth => new OpenIdProvider("google", endpoints, client, oauth), DevelopmentOnly: false);
    }

    /// <summary>docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps.</summary>
    private static IEnumerable<ConfiguredProvider> GitHub(SettingsReader section)
    {
        var endpoints = new GitHubEndpoints(
            section.Optional("AuthorizationEndpoint", Endpoint, new Uri("https://github.com/login/oauth/authorize")),
            section.Optional("TokenEndpoint", Endpoint, new Uri("https://github.com/login/oauth/access_token")),
            section.Optional("ApiBaseUrl", Endpoint, new Uri("https://api.github.com")).AbsoluteUri.TrimEnd('/'));
        if (Credentials(section) is { } client)
            yield return new(oauth => new GitHubProvider(endpoints, client, oauth), DevelopmentOnly: false);
    }

    /// <summary>A provider that believes whatever name it is told, for development only: the paths of oauth2-mock-server.</summary>
    private static IEnumerable<ConfiguredProvider> Dev(SettingsReader section)
    {
        var authority = section.Optional("Authority", Endpoint)?.AbsoluteUri.TrimEnd('/');
        if (authority is null)
            yield break;
        var endpoints = new OpenIdEndpoints(new Uri($"{authority}/authorize"), new Uri($"{authority}/token"), new Uri($"{authority}/userinfo"));
        var client = new OAuthClientCredentials("hexabase-local", Secret: null);
        yield return new(oauth => new OpenIdProvider("dev", endpoints, client, oauth), DevelopmentOnly: true);
    }

    private static OAuthClientCredentials? Credentials(SettingsReader section)
    {
        var id = section.RequiredIf(section.Has("ClientSecret"), "ClientId", SettingKinds.Text("the id of the client whose secret is set"));
        var secret = section.RequiredIf(section.Has("ClientId"), "ClientSecret", SettingKinds.Secret("the secret of the client whose id is set"));
        return id is null || secret is null ? null : new OAuthClientCredentials(id, secret);
    }
}

/// <summary>A provider whose settings have been checked.</summary>
public sealed record ConfiguredProvider(Func<OAuthClient, IIdentityProvider> Create, bool DevelopmentOnly);
