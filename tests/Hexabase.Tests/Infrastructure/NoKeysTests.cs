using System.Text.RegularExpressions;

namespace Hexabase.Tests.Infrastructure;

/// <summary>Who may do what is said by roles; no key and no secret passes through a template, its parameters or its outputs.</summary>
public sealed partial class NoKeysTests(BicepFiles bicep) : IClassFixture<BicepFiles>
{
    [Theory]
    [InlineData("Microsoft.Storage/storageAccounts", "properties.allowSharedKeyAccess", false)]
    [InlineData("Microsoft.Storage/storageAccounts", "properties.allowBlobPublicAccess", false)]
    [InlineData("Microsoft.ServiceBus/namespaces", "properties.disableLocalAuth", true)]
    [InlineData("Microsoft.DocumentDB/databaseAccounts", "properties.disableLocalAuth", true)]
    [InlineData("Microsoft.KeyVault/vaults", "properties.enableRbacAuthorization", true)]
    [InlineData("Microsoft.KeyVault/vaults", "properties.enablePurgeProtection", true)]
    [InlineData("Microsoft.Insights/components", "properties.DisableLocalAuth", true)]
    [InlineData("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", true)]
    [InlineData("Microsoft.Web/sites", "properties.httpsOnly", true)]
    public void A_resource_opens_to_roles_only(string type, string property, bool value) =>
        Assert.Equal(value, (bool?)bicep.Resource(type)[property.Split('.')]);

    [Fact]
    public void Nothing_is_published_with_a_password() =>
        Assert.All(
            bicep.Resources.Where(resource => resource.TypeName == "Microsoft.Web/sites/basicPublishingCredentialsPolicies"),
            policy => Assert.Equal(false, (bool?)policy["properties", "allow"]));

    [Theory]
    [InlineData("modules/storage.bicep")]
    [InlineData("modules/servicebus.bicep")]
    [InlineData("modules/cosmos.bicep")]
    [InlineData("modules/keyvault.bicep")]
    [InlineData("modules/monitoring.bicep")]
    public void Who_may_use_a_resource_stands_beside_it(string module) =>
        Assert.Contains(bicep.All[module].Resources, resource => resource.TypeName.EndsWith("RoleAssignments", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void No_key_is_asked_for()
    {
        string[] asking = ["listKeys", "listSecrets", "listConnectionStrings", "listAccountSas", "listServiceSas", ".getSecret(", "sharedKey:", "AccountKey="];
        Assert.All(bicep.All.Keys, file => Assert.DoesNotContain(
            asking, word => BicepFiles.TextOf(file).Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The connection string is of Application Insights, where with local authentication off it is an address.</summary>
    [Fact]
    public void Outputs_are_addresses_names_and_ids()
    {
        string[] harmless =
        [
            "applicationInsightsId", "blobEndpoint", "clientId", "connectionString", "databaseName", "deploymentContainerUri", "endpoint",
            "functionAppName", "hostName", "id", "keyVaultName", "principalId", "queueEndpoint", "siteUrl", "tableEndpoint", "uri", "workspaceId",
        ];
        Assert.Empty(bicep.Templates.SelectMany(file => file.Value.Outputs).Select(output => output.Name).Except(harmless));
    }

    [Fact]
    public void No_parameter_takes_a_secret()
    {
        var parameters = bicep.Templates.SelectMany(file => file.Value.Params).ToList();
        Assert.DoesNotContain(parameters.SelectMany(param => param.Decorators), decorator => decorator == "@secure()");
        Assert.DoesNotContain(parameters, param => SoundsSecret(param.Name));
    }

    [Theory]
    [InlineData("stripeKey")]
    [InlineData("google_client_secret")]
    [InlineData("clusterToken")]
    [InlineData("adminPassword")]
    [InlineData("signingKeys")]
    public void A_parameter_that_would_take_a_secret_is_noticed(string name) => Assert.True(SoundsSecret(name));

    [Fact]
    public void No_secret_is_written_into_the_vault_by_a_template() =>
        Assert.DoesNotContain(bicep.Resources, resource => resource.TypeName == "Microsoft.KeyVault/vaults/secrets");

    private static bool SoundsSecret(string name) => SecretNames().IsMatch(name);

    [GeneratedRegex("(key|secret|token|password|credential)s?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex SecretNames();
}
