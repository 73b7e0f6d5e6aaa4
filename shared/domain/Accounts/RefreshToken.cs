using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Hexabase.Domain.Accounts;

/// <summary>
/// What a browser holds to stay signed in: <c>{account}.{session}.{secret}</c>. The first two make finding it a point read; the
/// secret is 256 bits of chance, of which only the hash is stored.
/// </summary>
public sealed record RefreshToken(string AccountId, string SessionId, string Secret)
{
    private const int SecretBytes = 32;
    private const int AccountLength = 17;
    private const int SessionLength = 26;
    private static readonly int SecretLength = Base64Url.GetEncodedLength(SecretBytes);

    /// <summary>SHA-256 of the secret, 64 lower-case hex digits. No salt: the secret cannot be guessed.</summary>
    public string SecretHash => Sha256Hex.Of(Secret);

    /// <summary>A token with a new secret.</summary>
    public static RefreshToken New(string accountId, string sessionId) =>
        new(accountId, sessionId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>False for anything that is not spelled as this product spells it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RefreshToken? token)
    {
        token = null;
        if (text?.Length != AccountLength + SessionLength + SecretLength + 2 || text[0] != 'a' || text[AccountLength] != '.')
            return false;
        var session = text.AsSpan(AccountLength + 1, SessionLength);
        var secret = text.AsSpan(AccountLength + SessionLength + 2);
        if (text[AccountLength + 1 + SessionLength] != '.' || !Ids.IsBase32(text.AsSpan(1, AccountLength - 1)) || !Ids.IsBase32(session))
            return false;
        if (!Base64Url.IsValid(secret, out var bytes) || bytes != SecretBytes)
            return false;
        token = new RefreshToken(text[..AccountLength], session.ToString(), secret.ToString());
        return true;
    }

    /// <summary>As it goes into the cookie.</summary>
    public string ToCookieValue() => $"{AccountId}.{SessionId}.{Secret}";

    /// <summary>Without the secret, so that it can stand in a log line.</summary>
    public override string ToString() => $"{AccountId}.{SessionId}";
}
