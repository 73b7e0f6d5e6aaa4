using System.Text.Encodings.Web;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hexabase.Functions.Http;

/// <summary>
/// Scheme <c>Bearer</c> (RFC 6750): the caller is whoever the access token in <c>Authorization</c> names. Without that header the
/// caller is anonymous. Refusals are problem details with code <c>UNAUTHENTICATED</c> or <c>FORBIDDEN</c>.
/// </summary>
public sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IAccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Task.FromResult(AuthenticateResult.NoResult());
        return Task.FromResult(tokens.Verify(header.AsSpan(Prefix.Length).Trim()) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(caller, SchemeName))
            : AuthenticateResult.Fail("The access token is not in force."));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failed = (await HandleAuthenticateOnceSafeAsync()).Failure is not null;
        Response.Headers.WWWAuthenticate = failed ? "Bearer error=\"invalid_token\"" : "Bearer";
        await Problem.From(new Unauthenticated(failed)).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.From(new Forbidden()).ExecuteAsync(Context);

    private sealed record Unauthenticated(bool TokenFailed) : Refusal(
        RefusalKind.Unauthenticated,
        "UNAUTHENTICATED",
        TokenFailed ? "The access token is over or not valid here. Refresh it." : "Send an access token: Authorization: Bearer ….");

    private sealed record Forbidden() : Refusal(RefusalKind.Forbidden, "FORBIDDEN", "This account may not do this.");
}
