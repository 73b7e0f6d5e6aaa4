using System.Security.Cryptography;
using Hexabase.Adapters.Settings;
using Hexabase.Domain.Accounts;

namespace Hexabase.Adapters.Tokens;

/// <summary>
/// The keys of setting <c>Auth__SigningKeys</c>: the first signs, all verify access tokens. To rotate, add the new key at the end; when
/// everybody has read the key set again (<c>/.well-known/jwks.json</c> may be cached for five minutes), move it to the front; when the
/// tokens of the old key are over (15 minutes), remove that and add its public half to <c>Auth__RetiredKeys</c>, because results that it
/// signed are to be verified for as long as anybody has them.
/// </summary>
public sealed class SigningKeys : IDisposable
{
    private const string Setting = "Auth__SigningKeys";
    private const string RetiredSetting = "Auth__RetiredKeys";
    private const string P256 = "1.2.840.10045.3.1.7";
    private readonly Dictionary<string, SigningKey> byId;

    private SigningKeys(IReadOnlyList<SigningKey> keys, IReadOnlyList<JsonWebKey> retired)
    {
        All = keys;
        Published = [.. keys.Select(key => key.PublicKey), .. retired];
        byId = keys.ToDictionary(k => k.Id, StringComparer.Ordinal);
    }

    /// <summary>At least one, the one that signs first.</summary>
    public IReadOnlyList<SigningKey> All { get; }

    public SigningKey Current => All[0];

    /// <summary>The public halves of <see cref="All"/>, and the retired keys, which vouch for results only.</summary>
    public IReadOnlyList<JsonWebKey> Published { get; }

    /// <summary>Reads PEM blocks, one after the other, of keys on the curve P-256.</summary>
    /// <param name="pem">PKCS#8 private keys, at least one.</param>
    /// <param name="retired">Public keys that signed before; none when null or empty.</param>
    /// <exception cref="InvalidSettingsException">There is none, one is given twice, or one is something else.</exception>
    public static SigningKeys Parse(string? pem, string? retired = null)
    {
        if (string.IsNullOrWhiteSpace(pem))
            throw new InvalidSettingsException($"{Setting} is missing: give at least one PKCS#8 PEM private key on the curve P-256.");
        var keys = Read(Setting, pem, "PRIVATE KEY", isPrivate: true).Select(pair => new SigningKey(pair)).ToList();
        var old = Read(RetiredSetting, retired, "PUBLIC KEY", isPrivate: false).Select(key => SigningKey.Describe(key.Q)).ToList();
        ThrowIfRepeated(Setting, [.. keys.Select(key => key.Id)]);
        ThrowIfRepeated(RetiredSetting, [.. old.Select(key => key.Kid)]);
        if (old.FindIndex(key => keys.Exists(active => active.Id == key.Kid)) is >= 0 and var both)
            throw Invalid(RetiredSetting, both, $"is in {Setting} too");
        return new SigningKeys(keys, old);
    }

    /// <summary>Null for a key that is not one of <see cref="All"/>.</summary>
    public SigningKey? Find(string id) => byId.GetValueOrDefault(id);

    public void Dispose()
    {
        foreach (var key in All)
            key.Dispose();
    }

    private static List<ECParameters> Read(string setting, string? pem, string label, bool isPrivate)
    {
        // In a setting on one line the blocks touch, which RFC 7468 does not foresee, or line breaks are spelled out as JSON does.
        var lines = (pem ?? "").Replace("\\n", "\n", StringComparison.Ordinal);
        var rest = lines.Replace("----------BEGIN", "-----\n-----BEGIN", StringComparison.Ordinal).AsSpan().Trim();
        var keys = new List<ECParameters>();
        while (!rest.IsEmpty)
        {
            if (!PemEncoding.TryFind(rest, out var fields) || !rest[..fields.Location.Start.Value].IsWhiteSpace())
                throw Invalid(setting, keys.Count, "is no PEM block");
            if (!rest[fields.Label].SequenceEqual(label))
                throw Invalid(setting, keys.Count, $"is no '{label}' in PEM");
            keys.Add(ReadKey(setting, rest[fields.Location], isPrivate, keys.Count));
            rest = rest[fields.Location.End..].Trim();
        }
        return keys;
    }

    private static ECParameters ReadKey(string setting, ReadOnlySpan<char> pem, bool isPrivate, int index)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            var key = ecdsa.ExportParameters(isPrivate);
            return key.Curve.Oid.Value == P256 ? key : throw Invalid(setting, index, "is on another curve than P-256");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw Invalid(setting, index, $"is no elliptic-curve {(isPrivate ? "private" : "public")} key");
        }
    }

    private static void ThrowIfRepeated(string setting, IReadOnlyList<string> ids)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (ids.Take(i).Contains(ids[i], StringComparer.Ordinal))
                throw Invalid(setting, i, "is there already");
        }
    }

    private static InvalidSettingsException Invalid(string setting, int index, string what) =>
        new($"{setting} is malformed: key {index + 1} {what}.");
}
