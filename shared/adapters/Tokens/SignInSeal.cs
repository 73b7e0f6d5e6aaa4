using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Accounts;

namespace Hexabase.Adapters.Tokens;

/// <summary>
/// AES-256-GCM under a key derived from the signing keys: sealed by the one that signs, opened by whichever of them sealed. Layout:
/// 12 bytes of nonce, the ciphertext, 16 bytes of tag. A chance nonce is good for 2³² sign-ins a key (NIST SP 800-38D, 8.3).
/// </summary>
public sealed class SignInSeal(SigningKeys keys) : ISignInSeal
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public string Seal(PendingSignIn pending)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(pending, DomainJson.Options);
        var message = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(message.AsSpan(0, NonceLength));
        using var cipher = keys.Current.Sealer();
        cipher.Encrypt(message.AsSpan(0, NonceLength), plain, message.AsSpan(NonceLength, plain.Length), message.AsSpan(^TagLength..));
        return Base64Url.EncodeToString(message);
    }

    public PendingSignIn? Open(string? sealedText)
    {
        if (!StrictBase64Url.TryDecode(sealedText, out var message) || message.Length <= NonceLength + TagLength)
            return null;
        var plain = keys.All.Select(key => Decrypt(key, message)).FirstOrDefault(p => p is not null);
        return plain is null ? null : Read(plain);
    }

    /// <summary>Null for what an older version sealed in another form.</summary>
    private static PendingSignIn? Read(byte[] plain)
    {
        try
        {
            var pending = JsonSerializer.Deserialize<PendingSignIn>(plain, DomainJson.Options);
            return pending is { State: not null, Verifier: not null, Redirect: not null, Provider: not null } ? pending : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decrypt(SigningKey key, byte[] message)
    {
        var plain = new byte[message.Length - NonceLength - TagLength];
        using var cipher = key.Sealer();
        try
        {
            cipher.Decrypt(message.AsSpan(0, NonceLength), message.AsSpan(NonceLength, plain.Length), message.AsSpan(^TagLength..), plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
