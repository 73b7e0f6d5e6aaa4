namespace Hexabase.Tests.Infrastructure;

/// <summary>Who may do what is said by roles; no key and no secret passes through a template, its parameters or its outputs.</summary>
public sealed class NoKeysTests(BicepFiles bicep) : IClassFixture<BicepFiles>
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

    [Fact]
    public void No_parameter_and_no_output_is_a_secret()
    {
        var declared = bicep.Templates.SelectMany(file => file.Value.Params.Select(param => param.Decorators)
            .Concat(file.Value.Outputs.Select(output => output.Decorators)));
        Assert.DoesNotContain(declared.SelectMany(decorators => decorators), decorator => decorator == "@secure()");
        Assert.DoesNotContain(bicep.Resources, resource => resource.TypeName == "Microsoft.KeyVault/vaults/secrets");
    }
}
