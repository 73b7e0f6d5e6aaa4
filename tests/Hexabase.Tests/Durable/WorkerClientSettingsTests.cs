using Hexabase.Functions.Platform;
using Hexabase.Tests.Support;
using Hexabase.Worker.Durable.Client;

namespace Hexabase.Tests.Durable;

public sealed class WorkerClientSettingsTests
{
    private const string Api = "/runtime/webhooks/durabletask";

    [Theory]
    [InlineData("https://app.example" + Api, "key", null, "https://app.example" + Api)]
    [InlineData("http://localhost:7071" + Api + "/", "key", null, "http://localhost:7071" + Api)]
    [InlineData(null, "key", "app.azurewebsites.net", "https://app.azurewebsites.net" + Api)]
    [InlineData(null, null, "localhost:7071", "http://localhost:7071" + Api)]
    [InlineData("http://127.0.0.1:9" + Api, "key", "app.azurewebsites.net", "http://127.0.0.1:9" + Api)]
    public void The_address_is_what_the_setting_says_or_the_host_s_own(string? baseUrl, string? code, string? site, string address) =>
        Assert.Equal(new DurableTaskHost(new Uri(address), code), Read(baseUrl, code, site));

    [Theory]
    [InlineData(null, "key", null, "DurableTask__BaseUrl is missing")]
    [InlineData("", "key", null, "DurableTask__BaseUrl is missing")]
    [InlineData("app", "key", null, "DurableTask__BaseUrl is malformed")]
    [InlineData("https://app.example/?code=x", "key", null, "DurableTask__BaseUrl is malformed")]
    [InlineData("http://app.example" + Api, "key", null, "https without a query, or http on this machine")]
    [InlineData("ftp://localhost" + Api, "key", null, "https without a query, or http on this machine")]
    [InlineData(null, null, "app.azurewebsites.net", "DurableTask__Code is missing")]
    public void A_setting_that_cannot_be_used_is_named(string? baseUrl, string? code, string? site, string problem) =>
        Assert.Contains(
            problem, Assert.Single(Given.Problems(DurableTaskSettings.Read, Settings(baseUrl, code, site))), StringComparison.Ordinal);

    [Fact]
    public void The_key_is_not_in_the_text_of_the_host() =>
        Assert.DoesNotContain("secret", Read("https://app.example" + Api, "secret", null).ToString(), StringComparison.Ordinal);

    private static DurableTaskHost Read(string? baseUrl, string? code, string? site) =>
        Given.Read(DurableTaskSettings.Read, Settings(baseUrl, code, site));

    private static (string, string?)[] Settings(string? baseUrl, string? code, string? site) =>
        [("DurableTask__BaseUrl", baseUrl), ("DurableTask__Code", code), ("WEBSITE_HOSTNAME", site)];
}
