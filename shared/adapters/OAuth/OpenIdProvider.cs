using Hexabase.Domain;
using Hexabase.Domain.Accounts;

namespace Hexabase.Adapters.OAuth;

/// <summary>Where an OpenID Connect provider answers.</summary>
public sealed record OpenIdEndpoints(Uri Authorization, Uri Token, Uri UserInfo);

/// <summary>
/// A provider that speaks OpenID Connect. Who signed in is read from the UserInfo endpoint (OpenID Connect Core 1.0, section 5.3) with
/// the access token that the token endpoint has just given over TLS. The ID token would say the same, and checking its signature would
/// add nothing: received over that channel its origin is certain already (section 3.1.3.7, item 6).
/// </summary>
public sealed class OpenIdProvider(string name, OpenIdEndpoints endpoints, OAuthClientCredentials client, OAuthClient oauth)
    : IIdentityProvider
{
    public string Name { get; } = name;

    public Uri AuthorizationAddress(AuthorizationRequest request) =>
        OAuthClient.AuthorizationAddress(endpoints.Authorization, client, request, scope: "openid email profile", loginHint: "login_hint");

    public Task<Result<ExternalIdentity>> Identify(AuthorizationGrant grant, CancellationToken ct) => oauth.Identify(Name, async ct =>
    {
        var token = await oauth.ExchangeCode(endpoints.Token, client, grant, ct);
        using var answer = await oauth.Get(endpoints.UserInfo, token, "application/json", ct);
        var claims = answer.RootElement;
        var subject = OAuthClient.Text(claims, "sub") ?? throw new UnusableAnswerException("the UserInfo answer has no sub");
        return new ExternalIdentity(
            Name,
            subject,
            OAuthClient.Text(claims, "name"),
            OAuthClient.Text(claims, "email"),
            OAuthClient.IsTrue(claims, "email_verified"));
    }, ct);
}
