using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Hexabase.Adapters.Settings;
using Hexabase.Adapters.Tokens;
using Hexabase.Backtesting.Proofs;
using Hexabase.Tests.Accounts;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Proofs;

/// <summary>The signature itself: its form, its keys, and what it must never be taken for.</summary>
public sealed class ProofSignatureTests : IDisposable
{
    private readonly SigningKeys keys = SigningKeys.Parse(Pem.NewKey());
    private readonly ResultSigner signer;

    public ProofSignatureTests() => signer = new ResultSigner(keys);

    public void Dispose() => keys.Dispose();

    [Fact]
    public void A_result_is_signed_as_a_detached_jws_that_others_verify_with_the_published_key_alone()
    {
        var parts = signer.Sign(ProofSample.Result).Split('.');

        Assert.Equal(("", 3), (parts[1], parts.Length));
        Assert.Equal(
            $$"""{"alg":"ES256","kid":"{{keys.Current.Id}}","typ":"hexabase-result+jws"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        var input = Encoding.ASCII.GetBytes($"{parts[0]}.{Base64Url.EncodeToString(ProofSample.Result)}"); // RFC 7515, section 5.1
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(keys.Published[0].X), Y = Base64Url.DecodeFromChars(keys.Published[0].Y) },
        });
        Assert.True(key.VerifyData(input, Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
    }

    [Theory] // around the blocks it is digested in
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_071)]
    [InlineData(3_072)]
    [InlineData(3_073)]
    [InlineData(100_000)]
    public void What_is_signed_is_header_dot_payload_in_base64url_whatever_the_length(int length)
    {
        var payload = new byte[length];
        new Random(1).NextBytes(payload);
        Assert.Equal(
            SHA256.HashData(Encoding.ASCII.GetBytes($"aGVhZGVy.{Base64Url.EncodeToString(payload)}")), DetachedJws.Digest("aGVhZGVy", payload));
    }

    [Fact]
    public void Every_signature_has_the_smaller_s()
    {
        for (var i = 0; i < 64; i++) // Half of them would not by themselves.
        {
            Assert.True(DetachedJws.TryParse(signer.Sign([(byte)i]), out var jws));
            Assert.True(signer.Keys.Verify(jws, [(byte)i]));
        }
    }

    [Theory]
    [InlineData("alg", "none", "ALGORITHM_NOT_ALLOWED")]
    [InlineData("alg", "HS256", "ALGORITHM_NOT_ALLOWED")]
    [InlineData("alg", "es256", "ALGORITHM_NOT_ALLOWED")]
    [InlineData("typ", "JWT", "TYPE_NOT_ALLOWED")]
    [InlineData("typ", null, "JWS_MALFORMED")]
    [InlineData("alg", null, "JWS_MALFORMED")]
    [InlineData("kid", null, "JWS_MALFORMED")]
    [InlineData("kid", "another", "KEY_UNKNOWN")]
    [InlineData("crit", "b64", "JWS_MALFORMED")]
    [InlineData("jku", "https://evil.example", "JWS_MALFORMED")]
    public async Task A_header_that_asks_for_anything_else_is_refused_however_well_signed(string member, string? value, string code)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = keys.Current.Id, ["typ"] = DetachedJws.Type };
        if (value is null)
            header.Remove(member);
        else
            header[member] = value;
        Assert.Equal(code, (await Check(Signed(header.ToJsonString()))).Of("signature"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a..b.c")]
    [InlineData("W10..AAAA")] // an empty JSON array
    [InlineData("e30=..AAAA")]
    [InlineData(" e30..AAAA")]
    public async Task Text_that_is_no_detached_signature_is_refused(string jws) =>
        Assert.Equal("JWS_MALFORMED", (await Check(jws)).Of("signature"));

    [Fact]
    public async Task A_signature_that_carries_its_payload_is_refused()
    {
        var parts = signer.Sign(ProofSample.Result).Split('.');
        Assert.Equal("JWS_MALFORMED", (await Check($"{parts[0]}.{Base64Url.EncodeToString(ProofSample.Result)}.{parts[2]}")).Of("signature"));
    }

    [Fact]
    public async Task An_HMAC_under_the_public_key_is_refused()
    {
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"HS256","kid":"{{keys.Current.Id}}","typ":"{{DetachedJws.Type}}"}"""));
        var input = Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(ProofSample.Result)}");
        var mac = HMACSHA256.HashData(Base64Url.DecodeFromChars(keys.Published[0].X), input);
        Assert.Equal("ALGORITHM_NOT_ALLOWED", (await Check($"{header}..{Base64Url.EncodeToString(mac)}")).Of("signature"));
    }

    [Fact]
    public void The_signature_of_a_result_is_no_access_token_even_of_a_result_with_the_claims_of_one()
    {
        var clock = new ManualTimeProvider();
        var tokens = new JwtAccessTokens(keys, "https://api.example.com", clock);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = Encoding.UTF8.GetBytes($$"""{"aud":"hexabase","exp":{{now + 60}},"iat":{{now}},"iss":"https://api.example.com","sub":"a1"}""");
        var parts = signer.Sign(claims).Split('.');

        Assert.Null(tokens.Verify($"{parts[0]}..{parts[2]}"));
        Assert.Null(tokens.Verify($"{parts[0]}.{Base64Url.EncodeToString(claims)}.{parts[2]}"));
    }

    [Fact]
    public async Task An_access_token_is_not_the_signature_of_a_result_not_even_of_its_own_claims()
    {
        var parts = new JwtAccessTokens(keys, "https://api.example.com", new ManualTimeProvider()).Issue("a1", null).Split('.');
        Assert.Equal("JWS_MALFORMED", (await Check(string.Join('.', parts))).Of("signature"));
        Assert.Equal("TYPE_NOT_ALLOWED", (await Check($"{parts[0]}..{parts[2]}")).Of("signature"));
        Assert.True(DetachedJws.TryParse($"{parts[0]}..{parts[2]}", out var jws));
        Assert.False(signer.Keys.Verify(jws, Base64Url.DecodeFromChars(parts[1])));
    }

    [Fact]
    public void A_retired_key_vouches_for_the_results_it_signed_and_no_more_for_access_tokens()
    {
        var (older, newer) = (Pem.NewKey(), Pem.NewKey());
        using var before = SigningKeys.Parse(older);
        using var after = SigningKeys.Parse(newer, PublicHalf(older));
        var clock = new ManualTimeProvider();

        Assert.True(DetachedJws.TryParse(new ResultSigner(before).Sign(ProofSample.Result), out var jws));
        Assert.True(new ResultSigner(after).Keys.Verify(jws, ProofSample.Result));
        var tokens = new JwtAccessTokens(after, "https://api.example.com", clock);
        Assert.Null(tokens.Verify(new JwtAccessTokens(before, "https://api.example.com", clock).Issue("a1", null)));
        Assert.Equal([after.Current.Id, before.Current.Id], tokens.PublicKeys.Keys.Select(key => key.Kid));
    }

    [Fact]
    public void A_retired_key_that_cannot_be_one_is_named_by_setting_and_position()
    {
        var key = Pem.NewKey();
        Assert.Equal("Auth__RetiredKeys is malformed: key 1 is in Auth__SigningKeys too.", Message(PublicHalf(key)));
        Assert.Equal("Auth__RetiredKeys is malformed: key 1 is no 'PUBLIC KEY' in PEM.", Message(Pem.NewKey()));
        var twice = PublicHalf(Pem.NewKey());
        Assert.Equal("Auth__RetiredKeys is malformed: key 2 is there already.", Message($"{twice}\n{twice}"));
        Assert.Equal("Auth__RetiredKeys is malformed: key 1 is no PEM block.", Message("rubbish"));

        string Message(string retired) => Assert.Throws<InvalidSettingsException>(() => SigningKeys.Parse(key, retired)).Message;
    }

    [Fact]
    public void A_key_set_is_read_for_its_P256_keys_and_the_rest_is_passed_over()
    {
        var key = keys.Published[0];
        var set = $$"""
            {"keys":[7,{"kty":"RSA","kid":"r"},{"kty":"EC","crv":"P-256","kid":"off the curve","x":"{{key.X}}","y":"{{key.X}}"},
             {"kty":"EC","crv":"P-256","kid":"for encryption","use":"enc","x":"{{key.X}}","y":"{{key.Y}}"},
             {"kty":"EC","crv":"P-256","kid":"good","x":"{{key.X}}","y":"{{key.Y}}"}]}
            """;
        var read = VerificationKeys.Parse(Encoding.UTF8.GetBytes(set));
        Assert.Equal((true, false, false, false), (read.Has("good"), read.Has("r"), read.Has("off the curve"), read.Has("for encryption")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\",\"kid\":\"a\"}]}")]
    public void A_key_set_without_a_key_of_ours_is_none(string set) =>
        Assert.Throws<FormatException>(() => VerificationKeys.Parse(Encoding.UTF8.GetBytes(set)));

    private static string PublicHalf(string pem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    private Task<Verdict> Check(string jws) => ProofSample.Check(ProofSample.WithJws(jws), ProofSample.Dataset, signer.Keys);

    private string Signed(string header)
    {
        var encoded = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header));
        var signature = keys.Current.SignDigest(DetachedJws.Digest(encoded, ProofSample.Result));
        Es256.Normalize(signature);
        return DetachedJws.Compose(encoded, signature);
    }
}
