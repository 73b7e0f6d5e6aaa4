using System.Numerics;
using System.Security.Cryptography;

namespace Hexabase.Backtesting.Proofs;

/// <summary>
/// ECDSA on P-256 with SHA-256, in one spelling: with (r, s) also (r, n − s) verifies, which anybody could put in its place, so that only
/// the smaller s counts here. Others that verify need not know.
/// </summary>
public static class Es256
{
    /// <summary>r and s, 32 bytes each (RFC 7518, section 3.4).</summary>
    public const int SignatureLength = 64;

    private const int Half = SignatureLength / 2;

    /// <summary>FIPS 186-5 and SP 800-186, section 3.2.1.3: n, the order of the curve's base point.</summary>
    private static readonly BigInteger Order = new(
        Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);

    /// <summary>Puts the smaller s into a signature.</summary>
    public static void Normalize(Span<byte> signature)
    {
        var s = signature[Half..];
        if (IsNormalized(signature))
            return;
        var smaller = Order - Read(s);
        s.Clear();
        smaller.TryWriteBytes(s[(Half - smaller.GetByteCount(isUnsigned: true))..], out _, isUnsigned: true, isBigEndian: true);
    }

    /// <summary>True when a public key made this normalized signature of a SHA-256 digest.</summary>
    public static bool Verifies(ECDsa key, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureLength && IsNormalized(signature)
        && key.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static bool IsNormalized(ReadOnlySpan<byte> signature) => Read(signature[Half..]) <= Order / 2;

    private static BigInteger Read(ReadOnlySpan<byte> number) => new(number, isUnsigned: true, isBigEndian: true);
}
