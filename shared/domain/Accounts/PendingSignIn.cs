namespace Hexabase.Domain.Accounts;

/// <summary>
/// A sign-in between start and callback. It waits in the browser, sealed, so that only the browser that began it can end it.
/// </summary>
/// <param name="State">256 bits of chance in base64url; the callback must bring the same.</param>
/// <param name="Verifier">PKCE code verifier.</param>
/// <param name="Redirect">Where the person goes afterwards; was allowed when it was sealed.</param>
/// <param name="LinkTo">The signed-in account that gets the identity; null for a plain sign-in.</param>
public sealed record PendingSignIn(string State, string Verifier, Uri Redirect, string Provider, string? LinkTo, DateTimeOffset ExpiresAt)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
}

/// <summary>Authenticated encryption of what waits in the browser.</summary>
public interface ISignInSeal
{
    /// <summary>In characters that a cookie may hold.</summary>
    string Seal(PendingSignIn pending);

    /// <summary>Null for anything that this product did not seal.</summary>
    PendingSignIn? Open(string? sealedText);
}
