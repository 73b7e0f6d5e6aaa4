using Hexabase.Adapters.Stripe;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Payments;

public sealed class StripeSettingsTests
{
    [Theory]
    [InlineData(null, "https://api.stripe.com/")]
    [InlineData("", "https://api.stripe.com/")]
    [InlineData("http://localhost:7071/simulators/stripe", "http://localhost:7071/simulators/stripe/")]
    [InlineData("https://proxy.example.com/stripe/", "https://proxy.example.com/stripe/")]
    public void Payments_go_to_Stripe_unless_another_address_is_set(string? set, string address) =>
        Assert.Equal(new Uri(address), Read(set, "sk_test_1").BaseUrl);

    [Theory]
    [InlineData("http://stripe.example.com", "sk_test_1", "Payments__BaseUrl is malformed")]
    [InlineData("stripe", "sk_test_1", "Payments__BaseUrl is malformed")]
    [InlineData(null, null, "Payments__SecretKey is missing")]
    [InlineData(null, "", "Payments__SecretKey is missing")]
    [InlineData(null, "sk_test_1\n", "Payments__SecretKey is malformed")]
    [InlineData(null, "pk_test_1", "Payments__SecretKey is malformed")]
    public void A_setting_that_cannot_be_used_is_named(string? address, string? key, string problem) => Assert.StartsWith(
        problem,
        Assert.Single(Given.Problems(StripeSettings.Read, ("Payments__BaseUrl", address), ("Payments__SecretKey", key))),
        StringComparison.Ordinal);

    [Fact]
    public void A_restricted_key_will_do() => Assert.Equal("rk_live_1", Read(null, "rk_live_1").SecretKey);

    [Fact]
    public void The_key_is_not_in_the_text_of_the_settings() =>
        Assert.DoesNotContain("sk_", Read(null, "sk_test_1").ToString(), StringComparison.Ordinal);

    private static StripeSettings Read(string? address, string? key) =>
        Given.Read(StripeSettings.Read, ("Payments__BaseUrl", address), ("Payments__SecretKey", key));
}
