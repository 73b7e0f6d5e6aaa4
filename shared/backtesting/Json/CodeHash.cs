using System.Security.Cryptography;
using System.Text.Json;

namespace Hexabase.Backtesting.Json;

/// <summary>The identity of a strategy document: SHA-256 of its canonical JSON.</summary>
public static class CodeHash
{
    /// <summary>64 lower-case hex digits. Spacing, order of properties and spelling of numbers make no difference.</summary>
    /// <exception cref="CanonicalJsonException">The document has no canonical form.</exception>
    public static string Of(JsonElement document) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.GetBytes(document)));
}
