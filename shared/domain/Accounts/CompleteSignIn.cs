using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Domain.Accounts;

/// <summary>The provider's answer, brought by the browser.</summary>
/// <param name="SealedPending">What the browser kept since the start.</param>
/// <param name="Code">Null when the provider gave none.</param>
/// <param name="Error">The provider's error code (RFC 6749, 4.1.2.1); null when it gave none.</param>
public sealed record CompleteSignIn(
    string Provider, string? SealedPending, string? State, string? Code, string? Error, string? RefreshCookie);

/// <summary>The answer belongs to no sign-in that this browser began within the last minutes.</summary>
public sealed record InvalidState : Refusal
{
    public InvalidState()
        : base(RefusalKind.Invalid, "INVALID_STATE", "This sign-in was not begun in this browser, or too long ago. Start again.") =>
        Field = "state";
}

/// <summary>How a sign-in ended, for the person who waits.</summary>
/// <param name="ReturnTo">Where to send the browser: the address asked for at the start, with the refusal as query parameters.</param>
/// <param name="Opened">First refresh token of a new session; null when nobody was signed in or an identity was linked.</param>
/// <param name="Refusal">Why nobody was signed in; null on success.</param>
public sealed record CompletedSignIn(Uri ReturnTo, RefreshToken? Opened, Refusal? Refusal);

/// <summary>Checks the state, asks the provider who it was, and signs that person in.</summary>
public sealed class CompleteSignInHandler(
    IdentityProviders providers, SiteAddresses site, Registration registration, Sessions sessions, ISignInSeal seal, TimeProvider clock)
{
    /// <summary>
    /// Refused with <see cref="InvalidState"/> or <see cref="UnknownProvider"/>, when there is no address to trust. Every other end is a
    /// way back.
    /// </summary>
    public async Task<Result<CompletedSignIn>> Handle(CompleteSignIn ask, CancellationToken ct)
    {
        if (providers.Find(ask.Provider) is not { } provider)
            return new UnknownProvider(ask.Provider);
        if (seal.Open(ask.SealedPending) is not { } pending || !Matches(pending, ask))
            return new InvalidState();
        var signedIn = await SignIn(provider, pending, ask, ct);
        if (!signedIn.Succeeded(out var user, out var refusal))
            return new CompletedSignIn(With(pending.Redirect, refusal), Opened: null, refusal);
        if (pending.LinkTo is not null)
            return new CompletedSignIn(pending.Redirect, Opened: null, Refusal: null);
        var opened = await sessions.Open(user.Id, ct);
        // The browser forgets its old refresh token with the new one; whoever has a copy must not go on with it.
        await sessions.End(ask.RefreshCookie, ct);
        return new CompletedSignIn(pending.Redirect, opened, Refusal: null);
    }

    private bool Matches(PendingSignIn pending, CompleteSignIn ask) =>
        pending.Provider == ask.Provider
        && clock.GetUtcNow() < pending.ExpiresAt
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(pending.State), Encoding.UTF8.GetBytes(ask.State ?? ""));

    private async Task<Result<User>> SignIn(IIdentityProvider provider, PendingSignIn pending, CompleteSignIn ask, CancellationToken ct)
    {
        if (RefusedByProvider(ask) is { } refusedByProvider)
            return refusedByProvider;
        // Whoever signed out, or in as somebody else, since the start does not get an identity added behind their back.
        if (pending.LinkTo is not null && await sessions.AccountOf(ask.RefreshCookie, ct) != pending.LinkTo)
            return new NoSession();
        var grant = new AuthorizationGrant(ask.Code!, pending.Verifier, site.Callback(provider.Name));
        if (!(await provider.Identify(grant, ct)).Succeeded(out var identity, out var refusal))
            return refusal;
        return pending.LinkTo is { } account ? await registration.Link(identity, account, ct) : await registration.SignIn(identity, ct);
    }

    private static Refusal? RefusedByProvider(CompleteSignIn ask) => ask switch
    {
        { Error: "access_denied" } => new AccessDenied(ask.Provider),
        { Error: "server_error" or "temporarily_unavailable" } => new ProviderUnavailable(ask.Provider),
        { Error: not null } => new SignInFailed(ask.Provider, "the authorization endpoint answered with an error"),
        { Code: null or "" } => new SignInFailed(ask.Provider, "the callback has neither code nor error"),
        _ => null,
    };

    private static Uri With(Uri redirect, Refusal refusal)
    {
        var query = new StringBuilder(redirect.Query).Append(redirect.Query.Length > 0 ? '&' : '?').Append("error=").Append(refusal.Code);
        if (refusal is EmailRegisteredWithOtherProvider { Registered: var registered, Attempted: var attempted })
            query.Append("&provider=").Append(registered).Append("&link=").Append(attempted);
        return new UriBuilder(redirect) { Query = query.ToString() }.Uri;
    }
}
