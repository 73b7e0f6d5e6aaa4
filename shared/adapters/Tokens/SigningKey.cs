using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Hexabase.Domain.Accounts;

namespace Hexabase.Adapters.Tokens;

/// <summary>
/// One P-256 key pair. Safe to use from many threads: each has an instance of its own, as <see cref="ECDsa"/> promises nothing there.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private readonly ThreadLocal<ECDsa> ecdsa;
    private readonly byte[] sealingKey;

    internal SigningKey(ECParameters pair)
    {
        ecdsa = new ThreadLocal<ECDsa>(() => ECDsa.Create(pair), trackAllValues: true);
        PublicKey = Describe(pair.Q);
        sealingKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, pair.D!, outputLength: 32, info: "hexabase sign-in seal v1"u8.ToArray());
    }

    /// <summary>The public key's RFC 7638 thumbprint.</summary>
    public string Id => PublicKey.Kid;

    public JsonWebKey PublicKey { get; }

    /// <summary>ECDSA with SHA-256, 64 bytes as RFC 7518, section 3.4 lays them out.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data) =>
        ecdsa.Value!.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>The same of a digest that is SHA-256 already.</summary>
    public byte[] SignDigest(ReadOnlySpan<byte> sha256) =>
        ecdsa.Value!.SignHash(sha256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        ecdsa.Value!.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose()
    {
        foreach (var instance in ecdsa.Values)
            instance.Dispose();
        ecdsa.Dispose();
    }

    internal static JsonWebKey Describe(ECPoint point)
    {
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        // RFC 7638, section 3: the required members in lexicographic order, without white space.
        var thumbprint = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
        return new JsonWebKey("EC", "P-256", "sig", "ES256", Base64Url.EncodeToString(thumbprint), x, y);
    }

    /// <summary>A cipher under a secret derived from the private key, so that sealing needs no setting of its own.</summary>
    internal AesGcm Sealer() => new(sealingKey, tagSizeInBytes: 16);
}
