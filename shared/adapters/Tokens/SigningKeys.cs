using System.Security.Cryptography;
using Hexabase.Domain.Accounts;

namespace Hexabase.Adapters.Tokens;

/// <summary>
/// The keys of setting <c>Auth__SigningKeys</c>: the first signs, all verify. To rotate, add the new key at the end; when everybody has
/// read the key set again (<c>/.well-known/jwks.json</c> may be cached for five minutes), move it to the front; when the tokens of the
/// old key are over (15 minutes), remove that.
/// </summary>
public sealed class SigningKeys : IDisposable
{
    private const string Setting = "Auth__SigningKeys";
    private const string P256 = "1.2.840.10045.3.1.7";
    private readonly Dictionary<string, SigningKey> byId;

    private SigningKeys(IReadOnlyList<SigningKey> keys)
    {
        All = keys;
        byId = keys.ToDictionary(k => k.Id, StringComparer.Ordinal);
    }

    /// <summary>At least one, the one that signs first.</summary>
    public IReadOnlyList<SigningKey> All { get; }

    public SigningKey Current => All[0];

    /// <summary>Reads one or more PKCS#8 PEM private keys on the curve P-256, one after the other.</summary>
    /// <exception cref="InvalidAuthSettingException">There is none, one is given twice, or one is something else.</exception>
    public static SigningKeys Parse(string? pem)
    {
        // In a setting on one line the blocks touch, which RFC 7468 does not foresee.
        var rest = (pem ?? "").Replace("----------BEGIN", "-----\n-----BEGIN", StringComparison.Ordinal).AsSpan().Trim();
        if (rest.IsEmpty)
            throw new InvalidAuthSettingException($"{Setting} is missing: give at least one PKCS#8 PEM private key on the curve P-256.");
        var keys = new List<SigningKey>();
        while (!rest.IsEmpty)
        {
            if (!PemEncoding.TryFind(rest, out var fields) || !rest[..fields.Location.Start.Value].IsWhiteSpace())
                throw Invalid(keys.Count, "is no PEM block");
            if (rest[fields.Label] is not "PRIVATE KEY")
                throw Invalid(keys.Count, $"is a '{rest[fields.Label]}', not a PKCS#8 'PRIVATE KEY'");
            var key = new SigningKey(ReadPair(rest[fields.Location], keys.Count));
            if (keys.Exists(k => k.Id == key.Id))
                throw Invalid(keys.Count, "is there already");
            keys.Add(key);
            rest = rest[fields.Location.End..].Trim();
        }
        return new SigningKeys(keys);
    }

    /// <summary>Null for a key that is not one of these.</summary>
    public SigningKey? Find(string id) => byId.GetValueOrDefault(id);

    public void Dispose()
    {
        foreach (var key in All)
            key.Dispose();
    }

    private static ECParameters ReadPair(ReadOnlySpan<char> pem, int index)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            var pair = ecdsa.ExportParameters(includePrivateParameters: true);
            return pair.Curve.Oid.Value == P256 ? pair : throw Invalid(index, "is on another curve than P-256");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Invalid(index, "is no elliptic-curve private key");
        }
    }

    private static InvalidAuthSettingException Invalid(int index, string what) => new($"{Setting}: key {index + 1} {what}.");
}
