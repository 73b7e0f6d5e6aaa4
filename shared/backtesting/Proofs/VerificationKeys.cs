using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Hexabase.Backtesting.Json;

namespace Hexabase.Backtesting.Proofs;

/// <summary>The public keys that signatures are checked with, by <c>kid</c>.</summary>
public sealed class VerificationKeys
{
    private const int CoordinateLength = 32;
    private readonly Dictionary<string, ECParameters> byId = new(StringComparer.Ordinal);

    /// <summary>P-256 keys from their ids and coordinates in base64url; what is no point of the curve is left out.</summary>
    public VerificationKeys(IEnumerable<(string Id, string X, string Y)> keys)
    {
        foreach (var (id, x, y) in keys)
        {
            if (Point(x, y) is { } key)
                byId.TryAdd(id, key);
        }
    }

    /// <summary>Reads a JWK set (RFC 7517). Keys of other kinds or for other uses are passed over, as section 5 there asks.</summary>
    /// <exception cref="FormatException">It is no JWK set, or there is no key in it that results can be signed with.</exception>
    public static VerificationKeys Parse(ReadOnlySpan<byte> jwks)
    {
        JsonElement set;
        try
        {
            set = StrictJson.Parse(jwks);
        }
        catch (JsonException e)
        {
            throw new FormatException($"The key set is not JSON{StrictJson.PlaceOf(e)}.", e);
        }
        if (set.ValueKind != JsonValueKind.Object || !set.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
            throw new FormatException("The key set has no list 'keys'.");
        var keys = new VerificationKeys(list.EnumerateArray().Where(IsUsable).Select(Read));
        return keys.byId.Count > 0 ? keys : throw new FormatException("The key set has no P-256 key with a 'kid' for ES256.");
    }

    /// <summary>True when there is a key with this id.</summary>
    public bool Has(string keyId) => byId.ContainsKey(keyId);

    /// <summary>True when the key that a signature names made it of exactly this payload.</summary>
    public bool Verify(DetachedJws jws, ReadOnlySpan<byte> payload)
    {
        if (jws.HeaderAlgorithm != DetachedJws.Algorithm || jws.HeaderType != DetachedJws.Type
            || !byId.TryGetValue(jws.KeyId, out var point))
            return false;
        using var key = ECDsa.Create(point);
        return Es256.Verifies(key, jws.DigestOf(payload), jws.Signature);
    }

    private static bool IsUsable(JsonElement key) =>
        key.ValueKind == JsonValueKind.Object
        && StrictJson.Text(key, "kty") == "EC" && StrictJson.Text(key, "crv") == "P-256"
        && (StrictJson.Text(key, "alg") ?? DetachedJws.Algorithm) == DetachedJws.Algorithm
        && (StrictJson.Text(key, "use") ?? "sig") == "sig"
        && StrictJson.Text(key, "kid") is not null && StrictJson.Text(key, "x") is not null && StrictJson.Text(key, "y") is not null;

    private static (string Id, string X, string Y) Read(JsonElement key) =>
        (StrictJson.Text(key, "kid")!, StrictJson.Text(key, "x")!, StrictJson.Text(key, "y")!);

    private static ECParameters? Point(string x, string y)
    {
        try
        {
            var point = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) };
            if (point.X.Length != CoordinateLength || point.Y.Length != CoordinateLength)
                return null;
            var key = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point };
            using var check = ECDsa.Create(key);
            return key;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
