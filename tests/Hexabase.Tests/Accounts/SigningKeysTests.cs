using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Hexabase.Adapters.Settings;
using Hexabase.Adapters.Tokens;

namespace Hexabase.Tests.Accounts;

public sealed class SigningKeysTests
{
    [Fact]
    public void The_first_key_signs_and_all_are_public()
    {
        var (first, second) = (Pem.NewKey(), Pem.NewKey());
        using var keys = SigningKeys.Parse($"{first}\n{second}\n");
        using var alone = SigningKeys.Parse(first);
        Assert.Equal(2, keys.All.Count);
        Assert.Equal(alone.Current.Id, keys.Current.Id);
    }

    [Fact]
    public void Keys_may_stand_on_one_line_as_settings_often_do()
    {
        using var keys = SigningKeys.Parse((Pem.NewKey() + Pem.NewKey()).ReplaceLineEndings(""));
        Assert.Equal(2, keys.All.Count);
    }

    [Fact]
    public void Line_breaks_may_be_spelled_out_as_JSON_does()
    {
        using var keys = SigningKeys.Parse((Pem.NewKey() + "\n" + Pem.NewKey()).ReplaceLineEndings("\\n"));
        Assert.Equal(2, keys.All.Count);
    }

    [Fact]
    public void Signatures_are_those_of_the_standard()
    {
        // RFC 7515, appendix A.3: an ES256 key, a signing input and its signature.
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                Y = Base64Url.DecodeFromChars("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
            },
        });
        using var keys = SigningKeys.Parse(ecdsa.ExportPkcs8PrivateKeyPem());
        var input = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        var signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

        Assert.Equal("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", keys.Current.PublicKey.X);
        Assert.True(keys.Current.Verifies(Encoding.ASCII.GetBytes(input), Base64Url.DecodeFromChars(signature)));
        Assert.False(keys.Current.Verifies(Encoding.ASCII.GetBytes(input + "x"), Base64Url.DecodeFromChars(signature)));
    }

    [Fact]
    public void The_key_id_is_the_thumbprint_of_the_public_key()
    {
        using var keys = SigningKeys.Parse(Pem.NewKey());
        var key = keys.Current.PublicKey;
        // RFC 7638, section 3.2: members required for "EC", in lexicographic order.
        var canonical = "{\"crv\":\"" + key.Crv + "\",\"kty\":\"" + key.Kty + "\",\"x\":\"" + key.X + "\",\"y\":\"" + key.Y + "\"}";
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))), key.Kid);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("  \n", "is missing")]
    [InlineData("secret-but-no-pem", "key 1 is no PEM block")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "key 1 is no elliptic-curve private key")]
    public void A_setting_that_holds_no_key_says_so_without_showing_it(string? pem, string expected)
    {
        var refused = Assert.Throws<InvalidSettingsException>(() => SigningKeys.Parse(pem));
        Assert.StartsWith("Auth__SigningKeys", refused.Message, StringComparison.Ordinal);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_another_kind_are_named_by_position()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = Pem.NewKey();

        Assert.Contains("key 2 is on another curve", Message(good + "\n" + p384.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("key 2 is no elliptic-curve", Message(good + "\n" + rsa.ExportPkcs8PrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("key 1 is no 'PRIVATE KEY' in PEM", Message(p256.ExportECPrivateKeyPem()), StringComparison.Ordinal);
        Assert.Contains("key 2 is there already", Message(good + "\n" + good), StringComparison.Ordinal);
        Assert.Contains("key 2 is no PEM block", Message(good + "\nrubbish"), StringComparison.Ordinal);

        static string Message(string pem) => Assert.Throws<InvalidSettingsException>(() => SigningKeys.Parse(pem)).Message;
    }
}
