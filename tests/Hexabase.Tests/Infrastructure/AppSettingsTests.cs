using Hexabase.Adapters.Settings;
using Hexabase.Functions.Platform;
using Hexabase.Tests.Accounts;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Moq;

namespace Hexabase.Tests.Infrastructure;

public sealed class AppSettingsTests(BicepFiles bicep) : IClassFixture<BicepFiles>
{
    /// <summary>What Bicep computes, and what it reads from the vault, as it may be on Azure.</summary>
    private static readonly Dictionary<string, string> Computed = new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage__blobServiceUri"] = "https://sthexabase.blob.core.windows.net/",
        ["AzureWebJobsStorage__queueServiceUri"] = "https://sthexabase.queue.core.windows.net/",
        ["AzureWebJobsStorage__tableServiceUri"] = "https://sthexabase.table.core.windows.net/",
        ["AzureWebJobsStorage__clientId"] = Client,
        ["ServiceBus__fullyQualifiedNamespace"] = "hexabase.servicebus.windows.net",
        ["ServiceBus__clientId"] = Client,
        ["Documents__Cosmos__Endpoint"] = "https://hexabase.documents.azure.com:443/",
        ["Documents__Cosmos__Database"] = "hexabase",
        ["Documents__Cosmos__ClientId"] = Client,
        ["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"] = "220200960",
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey={Client}",
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = $"Authorization=AAD;ClientId={Client}",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://hexabase-otlp.azurecontainerapps.io",
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "Authorization=Bearer%20token",
        ["Auth__PublicBaseUrl"] = "https://hexabase.azurewebsites.net",
        ["Auth__AllowedRedirects__0"] = "https://console.example.com",
        ["Auth__SigningKeys"] = Pem.NewKey(),
        ["Auth__Google__ClientId"] = "google",
        ["Auth__Google__ClientSecret"] = "secret",
        ["Auth__GitHub__ClientId"] = "github",
        ["Auth__GitHub__ClientSecret"] = "secret",
        ["FrontDoor__Id"] = Client,
        ["Operators__0"] = "operator@example.com",
        ["Payments__SecretKey"] = "sk_test_secret",
        ["DurableTask__Code"] = "secret",
        ["Cluster__Token"] = "secret",
    };

    /// <summary>What the host says by itself, and the least that parameter <c>cluster</c> has to hold.</summary>
    private static readonly Dictionary<string, string> Beside = new(StringComparer.Ordinal)
    {
        ["WEBSITE_HOSTNAME"] = "hexabase.azurewebsites.net",
        ["Cluster__Server"] = "https://kubernetes.example.com",
        ["Cluster__InfrastructureKind"] = "AWSMachineTemplate",
        ["Cluster__BackupImage"] = "registry.example.com/backup:1",
    };

    private const string Client = "00000000-0000-0000-0000-000000000001";

    [Fact]
    public void The_app_starts_with_the_settings_that_it_is_given() => AppSettings.Read(Configuration(), Production);

    [Fact]
    public void Every_secret_is_read_from_the_vault_and_nothing_else_is()
    {
        var known = Known();
        Assert.All(Declared, setting => Assert.Equal((setting.Name, IsSecret(known, setting.Name)), (setting.Name, setting.Secret is not null)));
    }

    [Fact]
    public void Every_secret_of_the_vault_is_set_by_the_deployment_guide()
    {
        var guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "deploy.md"));
        Assert.All(
            Declared.Select(setting => setting.Secret).OfType<string>().Append("otlp-token"),
            secret => Assert.Contains($"--name {secret} ", guide, StringComparison.Ordinal));
    }

    [Theory] // Flex Consumption refuses the first ones, or has its own way; the others would be keys, or another store.
    [InlineData("FUNCTIONS_WORKER_RUNTIME")]
    [InlineData("FUNCTIONS_EXTENSION_VERSION")]
    [InlineData("WEBSITE_RUN_FROM_PACKAGE")]
    [InlineData("WEBSITE_TIME_ZONE")]
    [InlineData("AzureWebJobsStorage")]
    [InlineData("ServiceBus")]
    [InlineData("Documents__Cosmos__Key")]
    [InlineData("Documents__Cosmos__CreateContainers")]
    [InlineData("Documents__Sqlite")]
    public void A_setting_that_has_no_place_on_Azure_is_not_given(string name) =>
        Assert.DoesNotContain(Declared, setting => setting.Name == name);

    [Fact]
    public void Every_connection_of_a_trigger_is_made_by_identity() =>
        Assert.All(
            BuiltApp.Bindings.Select(bound => (string?)bound.Binding["connection"]).OfType<string>().Append("AzureWebJobsStorage").Distinct(),
            connection => Assert.Contains(Declared, setting => setting == new DeclaredSetting($"{connection}__credential", "managedidentity", null)));

    private static IHostEnvironment Production => Mock.Of<IHostEnvironment>(environment => environment.EnvironmentName == Environments.Production);

    private IReadOnlyList<DeclaredSetting> Declared => DeclaredSettings.Of(bicep.Main);

    private IConfiguration Configuration() => new ConfigurationBuilder()
        .AddInMemoryCollection(Declared.Select(setting => (setting.Name, setting.Value ?? Computed[setting.Name]))
            .Concat(Beside.Select(setting => (setting.Key, setting.Value)))
            .Select(setting => KeyValuePair.Create(setting.Item1.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Item2)))
        .Build();

    private IReadOnlyList<Setting> Known()
    {
        var reader = new SettingsReader(Configuration());
        AppSettings.Read(reader, Production);
        return reader.Known;
    }

    /// <summary>The headers are read by the exporter, not by the app: they hold the token of the collector.</summary>
    private static bool IsSecret(IEnumerable<Setting> known, string name) =>
        name == "OTEL_EXPORTER_OTLP_HEADERS" || known.Any(setting => setting.IsSecret && setting.Covers(name));
}
