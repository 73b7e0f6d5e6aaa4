using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Adapters.Tokens;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Accounts;

public sealed class JwtAccessTokensTests : IDisposable
{
    private const string Issuer = "https://api.example.com";
    private readonly ManualTimeProvider clock = new();
    private readonly SigningKeys keys = SigningKeys.Parse(Pem.NewKey());
    private readonly JwtAccessTokens tokens;

    public JwtAccessTokensTests() => tokens = new JwtAccessTokens(keys, Issuer, clock);

    public void Dispose() => keys.Dispose();

    [Fact]
    public void A_token_names_the_account_and_its_verified_email()
    {
        var caller = tokens.Verify(tokens.Issue("a0123456789abcdef", "ann@example.com"));
        Assert.Equal("a0123456789abcdef", caller?.FindFirst("sub")?.Value);
        Assert.Equal("ann@example.com", caller?.FindFirst("email")?.Value);
        Assert.True(caller?.Identity?.IsAuthenticated);
    }

    [Fact]
    public void A_token_without_a_verified_email_has_no_email_claim() =>
        Assert.Null(tokens.Verify(tokens.Issue("a1", verifiedEmail: null))!.FindFirst("email"));

    [Fact]
    public void Others_verify_a_token_with_the_published_key_alone()
    {
        var parts = tokens.Issue("a1", null).Split('.');
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var key = tokens.PublicKeys.Keys.Single(k => k.Kid == (string?)header["kid"]);
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(key.X), Y = Base64Url.DecodeFromChars(key.Y) },
        });

        Assert.Equal("ES256", (string?)header["alg"]);
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        Assert.True(ecdsa.VerifyData(signed, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal(Issuer, (string?)claims["iss"]);
        Assert.Equal("hexabase", (string?)claims["aud"]);
        Assert.Equal(clock.GetUtcNow().ToUnixTimeSeconds(), (long)claims["iat"]!);
        Assert.Equal(clock.GetUtcNow().ToUnixTimeSeconds() + (15 * 60), (long)claims["exp"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_token_is_over_fifteen_minutes_and_the_leeway_after_it_was_issued(bool seenBefore)
    {
        var token = tokens.Issue("a1", null);
        if (seenBefore)
            Assert.NotNull(tokens.Verify(token));
        clock.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(29));
        Assert.NotNull(seenBefore ? tokens.Verify(token) : new JwtAccessTokens(keys, Issuer, clock).Verify(token));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(tokens.Verify(token));
    }

    [Fact]
    public void Tokens_of_a_key_that_has_moved_back_are_good_until_it_is_removed()
    {
        var (older, newer) = (Pem.NewKey(), Pem.NewKey());
        using var before = SigningKeys.Parse(older);
        using var rotated = SigningKeys.Parse(newer + older);
        using var removed = SigningKeys.Parse(newer);
        var token = new JwtAccessTokens(before, Issuer, clock).Issue("a1", null);

        Assert.NotNull(new JwtAccessTokens(rotated, Issuer, clock).Verify(token));
        Assert.Null(new JwtAccessTokens(removed, Issuer, clock).Verify(token));
    }

    [Fact]
    public void A_token_of_another_issuer_is_none() =>
        Assert.Null(tokens.Verify(new JwtAccessTokens(keys, "https://elsewhere.example.com", clock).Issue("a1", null)));

    [Theory]
    [InlineData("alg", "\"none\"")]
    [InlineData("alg", "\"HS256\"")]
    [InlineData("alg", "\"es256\"")]
    [InlineData("alg", "null")]
    [InlineData("typ", "\"hexabase-result+jws\"")]
    [InlineData("typ", "null")]
    [InlineData("kid", "\"unknown\"")]
    [InlineData("kid", "7")]
    [InlineData("crit", "[\"b64\"]")]
    public void A_header_that_asks_for_anything_else_is_refused(string member, string value) =>
        Assert.Null(tokens.Verify(Signed(header: h => h[member] = JsonNode.Parse(value))));

    [Theory]
    [InlineData("aud", "\"other\"")]
    [InlineData("aud", "[\"hexabase\",\"other\"]")]
    [InlineData("iss", "\"https://api.example.com.evil.example\"")]
    [InlineData("sub", "\"\"")]
    [InlineData("sub", "null")]
    [InlineData("exp", "null")]
    [InlineData("exp", "\"9999999999\"")]
    [InlineData("exp", "1e400")]
    [InlineData("exp", "9223372036854775807")]
    [InlineData("iat", "null")]
    [InlineData("iat", "9999999999")]
    [InlineData("nbf", "9999999999")]
    [InlineData("nbf", "\"soon\"")]
    public void A_claim_that_does_not_hold_is_refused_however_well_signed(string claim, string value) =>
        Assert.Null(tokens.Verify(Signed(claims: c => c[claim] = JsonNode.Parse(value))));

    [Fact]
    public void What_the_refused_ones_were_made_from_is_itself_good() => Assert.NotNull(tokens.Verify(Signed()));

    [Fact]
    public void A_claim_given_twice_is_refused()
    {
        var twice = $$"""{"iss":"{{Issuer}}","aud":"hexabase","sub":"a1","sub":"a2","iat":{{Now}},"exp":{{Now + 60}}}""";
        Assert.Null(tokens.Verify(Sign(Header().ToJsonString(), twice)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("W10.W10.W10")] // three empty JSON arrays
    [InlineData("e30.e30.")]
    public void Text_that_is_no_token_is_refused(string text) => Assert.Null(tokens.Verify(text));

    [Fact]
    public void Nothing_over_four_kilobytes_is_looked_at() =>
        Assert.Null(tokens.Verify(Signed(claims: c => c["more"] = new string('x', 4_096))));

    [Fact]
    public void Every_character_of_a_token_counts()
    {
        var token = tokens.Issue("a1", "ann@example.com");
        Assert.NotNull(tokens.Verify(token));
        var changed = from position in Gen.Choose(0, token.Length - 1)
                      from character in Gen.Elements("ABCXYZabcxyz0189-_.= \u00e9".ToCharArray())
                      where token[position] != character
                      select token[..position] + character + token[(position + 1)..];
        Prop.ForAll(changed.ToArbitrary(), text => tokens.Verify(text) is null).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_same_token_gives_the_same_principal_however_many_others_were_seen_between()
    {
        var first = tokens.Issue("a1", null);
        var caller = tokens.Verify(first);
        Assert.Same(caller, tokens.Verify(first));
    }

    [Fact]
    public async Task Tokens_verify_and_sign_on_many_threads_at_once()
    {
        var work = Enumerable.Range(0, 64).Select(i => Task.Run(() => tokens.Verify(tokens.Issue($"a{i}", null))?.FindFirst("sub")?.Value));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => $"a{i}"), await Task.WhenAll(work), StringComparer.Ordinal);
    }

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    private JsonObject Header() => new() { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = keys.Current.Id };

    private string Signed(Action<JsonObject>? header = null, Action<JsonObject>? claims = null)
    {
        var h = Header();
        var c = new JsonObject { ["iss"] = Issuer, ["aud"] = "hexabase", ["sub"] = "a1", ["iat"] = Now, ["exp"] = Now + 60 };
        header?.Invoke(h);
        claims?.Invoke(c);
        return Sign(h.ToJsonString(), c.ToJsonString());
    }

    private string Sign(string header, string claims)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(keys.Current.Sign(Encoding.ASCII.GetBytes(signed)))}";

        static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
    }
}
