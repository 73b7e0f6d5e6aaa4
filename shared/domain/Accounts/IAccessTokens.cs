using System.Security.Claims;

namespace Hexabase.Domain.Accounts;

/// <summary>Access tokens: what a caller shows with every request, good for <see cref="Lifetime"/> and not revocable before.</summary>
public interface IAccessTokens
{
    static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>A token for an account.</summary>
    /// <param name="verifiedEmail">Goes into the token for the rights that hang on it; null when nobody vouches for the address.</param>
    string Issue(string accountId, string? verifiedEmail);

    /// <summary>
    /// The caller, with the claims <c>sub</c> (account id) and <c>email</c> (a verified one, if any); null for anything but a token
    /// of this product that is in force. The principal is shared between requests: do not change it.
    /// </summary>
    ClaimsPrincipal? Verify(ReadOnlySpan<char> token);

    /// <summary>What others verify the tokens with, and the results that the same keys have signed since the beginning.</summary>
    JsonWebKeySet PublicKeys { get; }
}

/// <summary>A JWK set (RFC 7517, section 5).</summary>
public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);

/// <summary>A public P-256 key (RFC 7518, section 6.2.1).</summary>
/// <param name="Kid">The key's RFC 7638 thumbprint.</param>
/// <param name="X">Coordinate, 32 bytes in base64url.</param>
/// <param name="Y">Coordinate, 32 bytes in base64url.</param>
public sealed record JsonWebKey(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y);
