using System.Text.Encodings.Web;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;
using Hexabase.Worker;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hexabase.Functions.Http;

/// <summary>The caller has to show an access token that is in force.</summary>
/// <param name="TokenFailed">A token came, but not a good one.</param>
public sealed record Unauthenticated(bool TokenFailed) : Refusal(
    RefusalKind.Unauthenticated,
    "UNAUTHENTICATED",
    TokenFailed ? "The access token is over or not valid here. Refresh it." : "Send an access token: Authorization: Bearer ….");

/// <summary>The caller is known and may not do this.</summary>
public sealed record Forbidden() : Refusal(RefusalKind.Forbidden, "FORBIDDEN", "This account may not do this.");

/// <summary>
/// Scheme <c>Bearer</c> (RFC 6750): the caller is whoever the access token in <c>Authorization</c> names. Without that header the
/// caller is anonymous. Refusals are problem details.
/// </summary>
public sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IAccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";

    private static readonly Task<AuthenticateResult> Anonymous = Task.FromResult(AuthenticateResult.NoResult());

    private static readonly Task<AuthenticateResult> NotInForce =
        Task.FromResult(AuthenticateResult.Fail("The access token is not in force."));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var authorization = Request.Headers.Authorization;
        if (authorization.Count == 0)
            return Anonymous;
        return authorization is [{ } header] && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && tokens.Verify(header.AsSpan(Prefix.Length).Trim()) is { } caller
            ? Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(caller, SchemeName)))
            : NotInForce;
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var failed = (await HandleAuthenticateOnceSafeAsync()).Failure is not null;
        Response.Headers.WWWAuthenticate = failed ? "Bearer error=\"invalid_token\"" : "Bearer";
        await Problem.Write(Context, new Unauthenticated(failed));
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problem.Write(Context, new Forbidden());
}

/// <summary>Who calls, found out before any function runs.</summary>
public static class BearerAuthenticationMiddleware
{
    /// <summary>
    /// Authenticates. A token that is not in force is refused also where anonymous callers are welcome: its owner would take the answer
    /// to be their own. Sign-in does without tokens, and webhooks have credentials of their own kind.
    /// </summary>
    public static void UseBearerAuthentication(this WebApplication app)
    {
        app.UseAuthentication();
        app.Use((context, next) =>
            context.Request.Headers.Authorization.Count == 0 || context.User.Identity is { IsAuthenticated: true } || NeedsNoToken(context)
                ? next(context)
                : context.ChallengeAsync(BearerAuthentication.SchemeName));
    }

    private static bool NeedsNoToken(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api/auth", StringComparison.OrdinalIgnoreCase)
        || context.GetEndpoint()?.Metadata.GetMetadata<WebhookAttribute>() is not null;
}
