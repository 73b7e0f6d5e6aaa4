using System.Buffers;
using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hexabase.Domain.Accounts;

namespace Hexabase.Adapters.Tokens;

/// <summary>
/// Access tokens as JSON Web Tokens (RFC 7519) signed with ES256. Nothing is negotiated: another algorithm, an unknown key or an
/// unexpected audience is no token.
/// </summary>
/// <param name="issuer">The site's origin, claim <c>iss</c>.</param>
public sealed class JwtAccessTokens(SigningKeys keys, string issuer, TimeProvider clock) : IAccessTokens
{
    /// <summary>Claim <c>aud</c>.</summary>
    public const string Audience = "hexabase";

    /// <summary>Header <c>typ</c>, which tells a token from everything else that the same key signs (RFC 8725, section 3.11).</summary>
    private const string Type = "JWT";

    /// <summary>No longer text is looked at.</summary>
    public const int MaxLength = 4_096;

    /// <summary>By how much the clocks of two machines may differ.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };
    private readonly VerifiedTokens verified = new(generationSize: 5_000);

    public JsonWebKeySet PublicKeys { get; } = new(keys.Published);

    public string Issue(string accountId, string? verifiedEmail)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var header = Part(json =>
        {
            json.WriteString("alg", "ES256");
            json.WriteString("typ", Type);
            json.WriteString("kid", keys.Current.Id);
        });
        var payload = Part(json =>
        {
            json.WriteString("iss", issuer);
            json.WriteString("aud", Audience);
            json.WriteString("sub", accountId);
            if (verifiedEmail is not null)
                json.WriteString("email", verifiedEmail);
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + (long)IAccessTokens.Lifetime.TotalSeconds);
        });
        var signed = $"{header}.{payload}";
        return $"{signed}.{Base64Url.EncodeToString(keys.Current.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public ClaimsPrincipal? Verify(ReadOnlySpan<char> token)
    {
        if (token.Length > MaxLength)
            return null;
        if (verified.Find(token) is { } known)
            return clock.GetUtcNow() < known.NotAfter ? known.Principal : null;
        if (!SignatureVerifies(token, out var payload) || Read(payload) is not { } fresh)
            return null;
        verified.Add(token.ToString(), fresh);
        return fresh.Principal;
    }

    private bool SignatureVerifies(ReadOnlySpan<char> token, out byte[] payload)
    {
        payload = [];
        Span<Range> parts = stackalloc Range[4];
        if (token.Split(parts, '.') != 3
            || !StrictBase64Url.TryDecode(token[parts[0]], out var header)
            || !StrictBase64Url.TryDecode(token[parts[1]], out var claims)
            || !StrictBase64Url.TryDecode(token[parts[2]], out var signature)
            || KeyOf(header) is not { } key)
            return false;
        payload = claims;
        return key.Verifies(Encoding.UTF8.GetBytes(token[..parts[1].End].ToArray()), signature);
    }

    private SigningKey? KeyOf(byte[] header)
    {
        // Ours are plain; what escapes could spell, and what is no text at all, need not be understood before the signature is checked.
        if (!Ascii.IsValid(header) || header.Contains((byte)'\\'))
            return null;
        using var json = ParseObject(header);
        // RFC 7515, section 4.1.11: what "crit" lists must be understood, and nothing is.
        return json is not null && Text(json.RootElement, "alg") == "ES256" && Text(json.RootElement, "typ") == Type
            && !json.RootElement.TryGetProperty("crit", out _) && Text(json.RootElement, "kid") is { } kid
            ? keys.Find(kid)
            : null;
    }

    private VerifiedToken? Read(byte[] payload)
    {
        using var json = ParseObject(payload);
        if (json?.RootElement is not { } claims || Text(claims, "iss") != issuer || Text(claims, "aud") != Audience)
            return null;
        if (Text(claims, "sub") is not { Length: > 0 } subject
            || Time(claims, "exp") is not { } expires
            || Time(claims, "iat") is not { } issued)
            return null;
        var now = clock.GetUtcNow();
        if (now >= expires + Leeway || issued > now + Leeway)
            return null;
        if (claims.TryGetProperty("nbf", out _) && (Time(claims, "nbf") is not { } notBefore || notBefore > now + Leeway))
            return null;
        var identity = new ClaimsIdentity([new Claim("sub", subject)], "Bearer", nameType: "sub", roleType: null);
        if (Text(claims, "email") is { } email)
            identity.AddClaim(new Claim("email", email));
        return new VerifiedToken(new ClaimsPrincipal(identity), expires + Leeway);
    }

    private static JsonDocument? ParseObject(byte[] utf8)
    {
        try
        {
            var json = JsonDocument.Parse(utf8, Strict);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Seconds since 1970, in whole seconds and within four digits of a year.</summary>
    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
        && seconds is >= 0 and < 253_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    private static string Part(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}
