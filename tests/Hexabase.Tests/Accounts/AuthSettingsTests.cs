using Hexabase.Functions.Accounts;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Accounts;

public sealed class AuthSettingsTests
{
    [Theory]
    [InlineData("Auth:SigningKeys", null, "Auth__SigningKeys is missing: expected private keys on the curve P-256, as PKCS#8 in PEM.")]
    [InlineData("Auth:SigningKeys", "no keys", "Auth__SigningKeys is malformed: key 1 is no PEM block.")]
    [InlineData("Auth:PublicBaseUrl", null, "Auth__PublicBaseUrl is missing: expected an origin that browsers use, such as https://app.example.com.")]
    [InlineData("Auth:AllowedRedirects", "app.example.com", "Auth__AllowedRedirects is malformed: expected an origin that browsers use, such as https://app.example.com.")]
    [InlineData("Auth:Google:ClientSecret", null, "Auth__Google__ClientSecret is missing: expected the secret of the client whose id is set.")]
    [InlineData("Auth:GitHub:ClientId", null, "Auth__GitHub__ClientId is missing: expected the id of the client whose secret is set.")]
    [InlineData("Auth:GitHub:ApiBaseUrl", "api.github.com", "Auth__GitHub__ApiBaseUrl is malformed: expected an address of the provider: https without a query, or http on this machine.")]
    [InlineData("Operators:0", "somebody", "Operators__0 is malformed: expected a verified e-mail address.")]
    public void A_setting_that_cannot_be_used_is_named_with_what_is_expected(string key, string? value, string problem)
    {
        var settings = AccountsSite.Settings("http://localhost:1");
        settings[key] = value;
        Assert.Equal([problem], Given.Problems(AuthSettings.Read, settings.Select(s => (s.Key, s.Value))));
    }
}
