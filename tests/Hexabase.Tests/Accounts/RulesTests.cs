using Hexabase.Domain.Accounts;

namespace Hexabase.Tests.Accounts;

public sealed class RulesTests
{
    [Theory]
    [InlineData(" Ann@Example.COM ", "ann@example.com")]
    [InlineData("operator@localhost", "operator@localhost")]
    [InlineData("a.b+c@example.com", "a.b+c@example.com")]
    [InlineData("no-at-sign", null)]
    [InlineData("@example.com", null)]
    [InlineData("ann@", null)]
    [InlineData("ann lee@example.com", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Addresses_are_compared_without_case_and_surrounding_space(string? written, string? compared) =>
        Assert.Equal(compared, EmailAddress.Normalize(written));

    [Fact]
    public void An_address_that_mail_cannot_be_sent_to_is_none() =>
        Assert.Null(EmailAddress.Normalize(new string('a', 250) + "@b.com"));

    [Fact]
    public void The_code_challenge_is_that_of_the_standard() =>
        // RFC 7636, appendix B.
        Assert.Equal("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Pkce.Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));

    [Fact]
    public void Operators_are_those_whose_verified_address_is_listed()
    {
        var operators = new Operators([" Operator@localhost "]);
        Assert.True(operators.Include("operator@localhost"));
        Assert.False(operators.Include("someone@localhost"));
        Assert.False(operators.Include(null));
    }

    [Theory]
    [InlineData("Ann Lee", "ann@example.com", "Ann Lee")]
    [InlineData(" ", "ann@example.com", "ann")]
    [InlineData(null, null, "github")]
    public void A_profile_shows_the_best_name_there_is(string? name, string? email, string shown) =>
        Assert.Equal(shown, User.New("a1", new ExternalIdentity("github", "1", name, email, false), DateTimeOffset.UnixEpoch).DisplayName);

    [Fact]
    public void A_refresh_token_reads_back_as_it_was_written_and_never_shows_its_secret()
    {
        var token = RefreshToken.New(Domain.Ids.NewAccount(), Domain.Ids.TimeOrdered(DateTimeOffset.UnixEpoch));
        Assert.True(RefreshToken.TryParse(token.ToCookieValue(), out var read));
        Assert.Equal(token, read);
        Assert.DoesNotContain(token.Secret, $"{token}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_refresh_token_that_is_spelled_otherwise_is_none()
    {
        var good = RefreshToken.New(Domain.Ids.NewAccount(), Domain.Ids.TimeOrdered(DateTimeOffset.UnixEpoch)).ToCookieValue();
        string?[] bad =
        [
            null, "", good + "A", good[1..], "b" + good[1..], good.Replace('.', '/'), good[..^1] + "=", good[..^1] + "/",
            good.ToUpperInvariant(),
        ];
        Assert.All(bad, text => Assert.False(RefreshToken.TryParse(text, out _)));
    }
}
