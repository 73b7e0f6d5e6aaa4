using System.Text.Json;
using Hexabase.Adapters.Settings;
using Hexabase.Tests.Accounts;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Configuration;

/// <summary><c>local.settings.json.example</c>, which docs/core-tools.md begins with.</summary>
public sealed class ExampleTests
{
    /// <summary>Where Core Tools say that they are.</summary>
    private static readonly (string Name, string? Value) HostName = ("WEBSITE_HOSTNAME", "localhost:7071");

    public static IReadOnlyDictionary<string, string> Entries { get; } = JsonSerializer.Deserialize<JsonElement>(
            File.ReadAllText(Path.Combine(Repository.Root, "local.settings.json.example")))
        .GetProperty("Values").Deserialize<Dictionary<string, string>>()!;

    [Fact]
    public void Only_a_key_of_one_s_own_is_missing()
    {
        var failed = Assert.Throws<InvalidSettingsException>(() => ProductSettings.Read(Settings()));
        Assert.StartsWith("Auth__SigningKeys is missing: ", Assert.Single(failed.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void With_that_key_the_app_has_all_it_needs() =>
        Assert.True(ProductSettings.Read([.. Settings().Where(s => s.Name != "Auth__SigningKeys"), ("Auth__SigningKeys", Pem.NewKey())]).Seed);

    [Fact]
    public void Every_required_setting_is_in_it() => Assert.Empty(
        ProductSettings.Known.Where(setting => setting.IsRequired).Select(setting => setting.Name).Except(Entries.Keys, StringComparer.Ordinal));

    [Fact]
    public void What_is_in_it_is_read_by_the_app_or_by_the_host() => Assert.Equal(
        ["AZURE_FUNCTIONS_ENVIRONMENT", "AzureWebJobs.ExecuteRun.Disabled", "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "FUNCTIONS_WORKER_RUNTIME"],
        Entries.Keys.Where(name => !ProductSettings.Known.Any(setting => setting.Covers(name))).Order(StringComparer.Ordinal));

    private static IEnumerable<(string Name, string? Value)> Settings() => Entries.Select(s => (s.Key, (string?)s.Value)).Append(HostName);
}
