using Hexabase.Domain.Accounts;
using Hexabase.Functions.Accounts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Accounts;

public sealed class AuthSettingsTests
{
    [Theory]
    [InlineData("Auth:SigningKeys", null, "Auth__SigningKeys is missing")]
    [InlineData("Auth:PublicBaseUrl", null, "Auth__PublicBaseUrl is missing")]
    [InlineData("Auth:AllowedRedirects", "app.example.com", "'app.example.com' is none")]
    [InlineData("Auth:Google:ClientSecret", null, "Auth__Google__ClientId and Auth__Google__ClientSecret belong together")]
    [InlineData("Auth:GitHub:ApiBaseUrl", "api.github.com", "Auth__GitHub__ApiBaseUrl is no http(s) address")]
    public void A_setting_that_cannot_be_used_stops_the_start_and_is_named(string key, string? value, string message)
    {
        var settings = AccountsSite.Settings("http://localhost:1");
        settings[key] = value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var refused = Assert.Throws<InvalidAuthSettingException>(() => new ServiceCollection().AddAccounts(configuration));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }
}
