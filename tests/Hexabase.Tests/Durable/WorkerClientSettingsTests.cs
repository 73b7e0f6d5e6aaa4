using Hexabase.Worker.Durable.Client;
using Microsoft.Extensions.Configuration;

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
    [InlineData("app", "key", null, "DurableTask__BaseUrl is not an address")]
    [InlineData("https://app.example/?code=x", "key", null, "DurableTask__BaseUrl is not an address")]
    [InlineData("http://app.example" + Api, "key", null, "must begin with https://")]
    [InlineData("ftp://localhost" + Api, "key", null, "must begin with https://")]
    [InlineData(null, null, "app.azurewebsites.net", "DurableTask__Code is missing")]
    public void A_setting_that_cannot_be_used_is_named(string? baseUrl, string? code, string? site, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidOperationException>(() => Read(baseUrl, code, site)).Message, StringComparison.Ordinal);

    private static DurableTaskHost Read(string? baseUrl, string? code, string? site) => DurableTaskHost.Read(new ConfigurationBuilder()
        .AddInMemoryCollection([new("DurableTask:BaseUrl", baseUrl), new("DurableTask:Code", code), new("WEBSITE_HOSTNAME", site)]).Build());
}
