using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hexabase.Backtesting.Json;

namespace Hexabase.Backtesting.Proofs;

/// <summary>
/// The signature of a result: a JSON Web Signature whose payload, the result's canonical bytes, stands elsewhere (RFC 7515, appendix F).
/// Text <c>header..signature</c>. The header has <c>alg</c>, <c>kid</c> and <c>typ</c> and nothing else.
/// </summary>
public sealed class DetachedJws
{
    /// <summary>Header <c>alg</c>; there is no other.</summary>
    public const string Algorithm = "ES256";

    /// <summary>Header <c>typ</c>, which tells it from everything else that the same key signs (RFC 8725, section 3.11).</summary>
    public const string Type = "hexabase-result+jws";

    private const int BytesPerBlock = 3_072; // whole groups of three, so that the blocks' base64url joins up
    private readonly string header;

    private DetachedJws(string header, string algorithm, string type, string keyId, byte[] signature) =>
        (this.header, HeaderAlgorithm, HeaderType, KeyId, Signature) = (header, algorithm, type, keyId, signature);

    /// <summary>What it says it is signed with; to be compared with <see cref="Algorithm"/>.</summary>
    public string HeaderAlgorithm { get; }

    /// <summary>What it says it is; to be compared with <see cref="Type"/>.</summary>
    public string HeaderType { get; }

    /// <summary>Which key signed it: <c>kid</c> of the key set.</summary>
    public string KeyId { get; }

    /// <summary>As RFC 7518, section 3.4 lays it out: 64 bytes, if it is one.</summary>
    internal byte[] Signature { get; }

    /// <summary>The header, in base64url, of what a key signs.</summary>
    public static string HeaderFor(string keyId) => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes($$"""{"alg":"{{Algorithm}}","kid":"{{keyId}}","typ":"{{Type}}"}"""));

    /// <summary>SHA-256 of the signing input: the header, a dot, the payload in base64url. Needs no memory of the payload's size.</summary>
    /// <param name="header">In base64url.</param>
    public static byte[] Digest(string header, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"{header}."));
        Span<byte> text = stackalloc byte[BytesPerBlock / 3 * 4];
        for (; !payload.IsEmpty; payload = payload[Math.Min(BytesPerBlock, payload.Length)..])
        {
            var block = payload[..Math.Min(BytesPerBlock, payload.Length)];
            hash.AppendData(text[..Base64Url.EncodeToUtf8(block, text)]);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The text of a signature over <see cref="Digest"/>.</summary>
    public static string Compose(string header, ReadOnlySpan<byte> signature) => $"{header}..{Base64Url.EncodeToString(signature)}";

    /// <summary>False for what is no detached JWS, or has other headers than the three.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DetachedJws? jws)
    {
        jws = null;
        if (text.AsSpan().Count('.') != 2) // counted first: to split a text of millions of dots takes memory
            return false;
        var parts = text.Split('.');
        if (parts[1].Length > 0 || !TryDecode(parts[0], out var header) || !TryDecode(parts[2], out var signature))
            return false;
        try
        {
            var json = StrictJson.Parse(header);
            if (json.ValueKind != JsonValueKind.Object || json.GetPropertyCount() != 3)
                return false;
            if (StrictJson.Text(json, "alg") is not { } algorithm || StrictJson.Text(json, "kid") is not { } keyId
                || StrictJson.Text(json, "typ") is not { } type)
                return false;
            jws = new DetachedJws(parts[0], algorithm, type, keyId, signature);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>What was signed if this is the signature of <paramref name="payload"/>.</summary>
    internal byte[] DigestOf(ReadOnlySpan<byte> payload) => Digest(header, payload);

    /// <summary>The framework forgives padding, white space and idle bits; a byte sequence has one spelling here.</summary>
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done)
            return false;
        bytes = bytes[..written];
        return Base64Url.EncodeToString(bytes) == text;
    }
}
