using System.Buffers.Text;
using Hexabase.Adapters.Tokens;
using Hexabase.Domain.Accounts;

namespace Hexabase.Tests.Accounts;

public sealed class SignInSealTests
{
    private static readonly PendingSignIn Pending = new(
        "state", "verifier", new Uri("https://app.example.com/page?x=1"), "github", "a0123456789abcdef", DateTimeOffset.UnixEpoch);

    [Fact]
    public void What_was_sealed_opens_unchanged()
    {
        using var keys = SigningKeys.Parse(Pem.NewKey());
        var seal = new SignInSeal(keys);
        Assert.Equal(Pending, seal.Open(seal.Seal(Pending)));
    }

    [Fact]
    public void Sealed_text_shows_nothing_and_never_repeats()
    {
        using var keys = SigningKeys.Parse(Pem.NewKey());
        var seal = new SignInSeal(keys);
        Assert.NotEqual(seal.Seal(Pending), seal.Seal(Pending), StringComparer.Ordinal);
        var bytes = Base64Url.DecodeFromChars(seal.Seal(Pending));
        Assert.DoesNotContain("verifier", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sign_in_begun_under_the_old_key_can_end_under_the_new_one()
    {
        var (older, newer) = (Pem.NewKey(), Pem.NewKey());
        using var before = SigningKeys.Parse(older);
        using var after = SigningKeys.Parse(newer + older);
        using var removed = SigningKeys.Parse(newer);
        var text = new SignInSeal(before).Seal(Pending);
        Assert.Equal(Pending, new SignInSeal(after).Open(text));
        Assert.Null(new SignInSeal(removed).Open(text));
    }

    [Fact]
    public void A_change_of_any_bit_is_noticed()
    {
        using var keys = SigningKeys.Parse(Pem.NewKey());
        var seal = new SignInSeal(keys);
        var message = Base64Url.DecodeFromChars(seal.Seal(Pending));
        for (var i = 0; i < message.Length; i++)
        {
            message[i] ^= 1;
            Assert.Null(seal.Open(Base64Url.EncodeToString(message)));
            message[i] ^= 1;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abcd")]
    [InlineData("not base64url!")]
    public void Text_that_was_never_sealed_opens_to_nothing(string? text)
    {
        using var keys = SigningKeys.Parse(Pem.NewKey());
        Assert.Null(new SignInSeal(keys).Open(text));
    }

    [Theory]
    [InlineData("""{"state":"s","verifier":"v"}""")]
    [InlineData("""{"state":7}""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void What_was_sealed_in_another_form_does_not_open(string json)
    {
        using var keys = SigningKeys.Parse(Pem.NewKey());
        var plain = System.Text.Encoding.UTF8.GetBytes(json);
        var message = new byte[12 + plain.Length + 16];
        using (var cipher = keys.Current.Sealer())
            cipher.Encrypt(message.AsSpan(0, 12), plain, message.AsSpan(12, plain.Length), message.AsSpan(^16..));
        Assert.Null(new SignInSeal(keys).Open(Base64Url.EncodeToString(message)));
    }
}
