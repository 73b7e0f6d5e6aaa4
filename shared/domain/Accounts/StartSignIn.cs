using System.Buffers.Text;
using System.Security.Cryptography;

namespace Hexabase.Domain.Accounts;

/// <summary>Begins a sign-in, or the linking of one more identity to the signed-in account.</summary>
/// <param name="Redirect">Where the person wants to be afterwards.</param>
/// <param name="LoginHint">Whom the provider should offer; at most <see cref="EmailAddress.MaxLength"/> characters.</param>
/// <param name="Link">Add the identity to the account that <paramref name="RefreshCookie"/> is signed in to.</param>
public sealed record StartSignIn(string Provider, string? Redirect, string? LoginHint, bool Link, string? RefreshCookie);

/// <summary>The address to return to is missing or not allowed.</summary>
public sealed record InvalidRedirect : Refusal
{
    public InvalidRedirect()
        : base(RefusalKind.Invalid, "INVALID_REDIRECT", "redirect must be an absolute address of an allowed origin.") => Field = "redirect";
}

/// <param name="AuthorizationAddress">Where to send the browser.</param>
/// <param name="SealedPending">What the browser keeps for the callback, for <see cref="PendingSignIn.Lifetime"/>.</param>
public sealed record StartedSignIn(Uri AuthorizationAddress, string SealedPending);

/// <summary>Prepares state and PKCE and sends the person to the provider.</summary>
public sealed class StartSignInHandler(
    IdentityProviders providers, SiteAddresses site, Sessions sessions, ISignInSeal seal, TimeProvider clock)
{
    /// <summary>
    /// Refused with <see cref="UnknownProvider"/>, <see cref="InvalidRedirect"/>, <see cref="InvalidInput"/> or, when linking,
    /// <see cref="NoSession"/>.
    /// </summary>
    public async Task<Result<StartedSignIn>> Handle(StartSignIn ask, CancellationToken ct)
    {
        if (providers.Find(ask.Provider) is not { } provider)
            return new UnknownProvider(ask.Provider);
        if (site.Redirect(ask.Redirect) is not { } redirect)
            return new InvalidRedirect();
        if (ask.LoginHint is { Length: > EmailAddress.MaxLength })
            return new InvalidInput("login_hint", $"login_hint has more than {EmailAddress.MaxLength} characters.");
        var linkTo = ask.Link ? await sessions.AccountOf(ask.RefreshCookie, ct) : null;
        if (ask.Link && linkTo is null)
            return new NoSession();

        var pending = new PendingSignIn(Chance(), Chance(), redirect, provider.Name, linkTo, clock.GetUtcNow() + PendingSignIn.Lifetime);
        var challenge = Pkce.Challenge(pending.Verifier);
        var request = new AuthorizationRequest(pending.State, challenge, site.Callback(provider.Name), ask.LoginHint);
        return new StartedSignIn(provider.AuthorizationAddress(request), seal.Seal(pending));
    }

    /// <summary>43 characters: as state beyond guessing, and the length RFC 7636 advises for a verifier.</summary>
    private static string Chance() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
