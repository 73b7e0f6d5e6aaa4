using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Accounts;

/// <summary>Asks for an access token with the browser's refresh token.</summary>
/// <param name="Cookie">The refresh cookie's value; null when the browser sent none.</param>
public sealed record RefreshAccess(string? Cookie);

/// <summary>A new access token.</summary>
/// <param name="RefreshToken">Replaces the one that was presented; null when another request has just received it.</param>
public sealed record RefreshedAccess(string AccessToken, TimeSpan ExpiresIn, RefreshToken? RefreshToken);

/// <summary>Turns a refresh token into an access token and the next refresh token.</summary>
public sealed class RefreshAccessHandler(Sessions sessions, IDocumentStore documents, IAccessTokens accessTokens)
{
    /// <summary>Refused with <see cref="NoSession"/> or <see cref="SessionRevoked"/>.</summary>
    public async Task<Result<RefreshedAccess>> Handle(RefreshAccess ask, CancellationToken ct)
    {
        if (!(await sessions.Rotate(ask.Cookie, ct)).Succeeded(out var rotated, out var refusal))
            return refusal;
        if (await User.Read(documents, rotated.AccountId, ct) is not { Value: var user })
            return new NoSession();
        return new RefreshedAccess(accessTokens.Issue(user.Id, user.VerifiedEmail), IAccessTokens.Lifetime, rotated.Next);
    }
}
