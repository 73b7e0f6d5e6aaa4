using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>Makes shared access signatures and keeps them until five minutes before they expire. Thread-safe.</summary>
public sealed class SasTokens(string keyName, string key, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan RenewEarly = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset RenewAt)> tokens = new(StringComparer.Ordinal);

    /// <summary>The token for a resource and everything below it.</summary>
    public string Get(string resource)
    {
        var now = clock.GetUtcNow();
        if (tokens.TryGetValue(resource, out var kept) && now < kept.RenewAt)
            return kept.Token;
        var expiry = now + Lifetime;
        var token = Create(resource, keyName, key, expiry);
        tokens[resource] = (token, expiry - RenewEarly);
        return token;
    }

    /// <summary>The whole value of an <c>Authorization</c> header.</summary>
    /// <param name="resource">Absolute address; case does not count.</param>
    /// <param name="key">Used as it is spelled, not base64-decoded.</param>
    public static string Create(string resource, string keyName, string key, DateTimeOffset expiry)
    {
        var sr = Uri.EscapeDataString(resource.ToLowerInvariant());
        var se = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{sr}\n{se}"));
        return $"SharedAccessSignature sr={sr}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={se}&skn={keyName}";
    }
}
