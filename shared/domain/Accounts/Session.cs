using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Domain.Accounts;

/// <summary>
/// A signed-in browser: one family of refresh tokens, of which the newest is good. Document <c>session:{id}</c> in the account's
/// partition, gone <see cref="Lifetime"/> after its last use.
/// </summary>
/// <param name="Id">Time-ordered.</param>
/// <param name="SecretHash">Hash of the newest token's secret.</param>
/// <param name="PreviousSecretHash">Hash of the one before; null until the first rotation.</param>
/// <param name="RotatedAt">When the newest token was given out.</param>
/// <param name="RevokedAt">When the family was ended by a sign-out or by the reuse of an old token; null while it is good.</param>
public sealed record Session(
    string Id, string SecretHash, string? PreviousSecretHash, DateTimeOffset RotatedAt, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>How long a browser stays signed in without a visit.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>
    /// How long the token before the newest still gives access: two tabs of one browser, which share the cookie, may refresh at the
    /// same moment. It gives no new refresh token, so that a thief gains one access token at most.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static string DocumentId(string sessionId) => $"session:{sessionId}";

    public static Session New(RefreshToken first, DateTimeOffset now) => new(first.SessionId, first.SecretHash, null, now, now, null);

    /// <summary>What presenting a token means for the session.</summary>
    public Presented Judge(string secretHash, DateTimeOffset now)
    {
        if (RevokedAt is not null || now >= RotatedAt + Lifetime)
            return Presented.Ended;
        if (Same(secretHash, SecretHash))
            return Presented.Newest;
        return PreviousSecretHash is not null && Same(secretHash, PreviousSecretHash) && now <= RotatedAt + Grace
            ? Presented.JustReplaced
            : Presented.Reused;
    }

    public Session Rotate(RefreshToken next, DateTimeOffset now) =>
        this with { SecretHash = next.SecretHash, PreviousSecretHash = SecretHash, RotatedAt = now };

    private static bool Same(string a, string b) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(a), Encoding.ASCII.GetBytes(b));
}

/// <summary>What a presented refresh token is to its session.</summary>
public enum Presented
{
    /// <summary>The one to rotate.</summary>
    Newest,

    /// <summary>The one before, within <see cref="Session.Grace"/>.</summary>
    JustReplaced,

    /// <summary>One that was replaced longer ago, or never given out: somebody has a copy.</summary>
    Reused,

    /// <summary>The session is revoked or has run out.</summary>
    Ended,
}
