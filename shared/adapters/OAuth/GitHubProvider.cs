using System.Globalization;
using System.Net;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;

namespace Hexabase.Adapters.OAuth;

/// <summary>Where GitHub answers; another host for GitHub Enterprise.</summary>
/// <param name="Api">Base of the REST API, without a trailing slash.</param>
public sealed record GitHubEndpoints(Uri Authorization, Uri Token, string Api);

/// <summary>
/// GitHub, which speaks OAuth 2.0 without OpenID Connect (docs.github.com: "Authorizing OAuth apps"). An address that its owner keeps
/// private is missing from the profile, and the one in the profile is not said to be verified, so addresses come from
/// <c>/user/emails</c>.
/// </summary>
public sealed class GitHubProvider(GitHubEndpoints endpoints, OAuthClientCredentials client, OAuthClient oauth) : IIdentityProvider
{
    private const string Json = "application/vnd.github+json";

    public string Name => "github";

    public Uri AuthorizationAddress(AuthorizationRequest request) =>
        OAuthClient.AuthorizationAddress(endpoints.Authorization, client, request, scope: "read:user user:email", loginHint: "login");

    public Task<Result<ExternalIdentity>> Identify(AuthorizationGrant grant, CancellationToken ct) => oauth.Identify(Name, async ct =>
    {
        var token = await oauth.ExchangeCode(endpoints.Token, client, grant, ct);
        using var user = await oauth.Get(new Uri($"{endpoints.Api}/user"), token, Json, ct);
        var email = await VerifiedEmail(token, ct);
        return new ExternalIdentity(
            Name,
            UserId(user.RootElement),
            OAuthClient.Text(user.RootElement, "name") ?? OAuthClient.Text(user.RootElement, "login"),
            email,
            EmailVerified: email is not null);
    }, ct);

    /// <summary>The number that stays when a user renames themselves; their login may become somebody else's.</summary>
    private static string UserId(JsonElement user) =>
        user.ValueKind == JsonValueKind.Object && user.TryGetProperty("id", out var id)
        && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw new UnusableAnswerException("/user has no id");

    /// <summary>The primary address if it is verified; null otherwise, or when the user did not grant the scope.</summary>
    private async Task<string?> VerifiedEmail(string token, CancellationToken ct)
    {
        try
        {
            using var emails = await oauth.Get(new Uri($"{endpoints.Api}/user/emails"), token, Json, ct);
            if (emails.RootElement.ValueKind != JsonValueKind.Array)
                throw new UnusableAnswerException("/user/emails is no list");
            return emails.RootElement.EnumerateArray()
                .Where(e => OAuthClient.IsTrue(e, "primary") && OAuthClient.IsTrue(e, "verified"))
                .Select(e => OAuthClient.Text(e, "email"))
                .FirstOrDefault();
        }
        catch (UnusableAnswerException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
