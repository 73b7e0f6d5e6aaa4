using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hexabase.Local.ServiceBus;

/// <summary>Checks <c>SharedAccessSignature sr=…&amp;sig=…&amp;se=…&amp;skn=…</c>.</summary>
public static class SasToken
{
    private const string Scheme = "SharedAccessSignature ";

    /// <summary>Null when the token may be used for a queue at <paramref name="authority"/>, otherwise what is wrong with it.</summary>
    /// <param name="authorization">The <c>Authorization</c> header.</param>
    /// <param name="authority">Host and port the request was sent to.</param>
    public static string? Fault(string? authorization, string keyName, string key, string authority, string queue, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(authorization))
            return "MissingToken: The authorization header was not found.";
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return "InvalidAuthorization: Only shared access signatures are understood here.";
        var parts = authorization[Scheme.Length..].Split('&')
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0].Trim(), StringComparer.Ordinal)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1], StringComparer.Ordinal);
        if (!parts.TryGetValue("sr", out var resource) || !parts.TryGetValue("sig", out var signature)
            || !parts.TryGetValue("se", out var expiryText) || !parts.TryGetValue("skn", out var rule)
            || !long.TryParse(expiryText, NumberStyles.None, CultureInfo.InvariantCulture, out var expiry))
        {
            return "MalformedToken: The token needs sr, sig, se and skn.";
        }
        if (!IsSigned(resource, expiryText, signature, key) || rule != keyName)
            return "InvalidSignature: The token has an invalid signature.";
        if (expiry <= now.ToUnixTimeSeconds())
            return "ExpiredToken: The token is expired.";
        return Covers(resource, authority, queue) ? null : "InvalidAudience: The token is for another resource.";
    }

    private static bool IsSigned(string resource, string expiry, string signature, string key)
    {
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}"));
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(Uri.UnescapeDataString(signature), given, out var length)
            && CryptographicOperations.FixedTimeEquals(expected, given[..length]);
    }

    /// <summary>A token is valid for its address and everything below; case and scheme (sb, http, https) do not count.</summary>
    private static bool Covers(string resource, string authority, string queue)
    {
        if (!Uri.TryCreate(Uri.UnescapeDataString(resource), UriKind.Absolute, out var uri))
            return false;
        var path = uri.AbsolutePath.Trim('/');
        return uri.Authority.Equals(authority, StringComparison.OrdinalIgnoreCase)
            && (path.Length == 0
                || path.Equals(queue, StringComparison.OrdinalIgnoreCase)
                || path.Equals($"{queue}/messages", StringComparison.OrdinalIgnoreCase));
    }
}
