using Hexabase.Adapters.Cosmos;
using Hexabase.Adapters.Settings;
using Hexabase.Functions.Platform;
using Hexabase.Tests.Worker;

namespace Hexabase.Tests.Configuration;

/// <summary>Documents are in a file or in Cosmos.</summary>
public sealed class DocumentsSettingsTests
{
    private const string Endpoint = "https://account.documents.azure.com:443/";

    [Fact]
    public void An_endpoint_is_all_that_Cosmos_needs()
    {
        var stores = Read(("Documents__Cosmos__Endpoint", Endpoint));

        Assert.Null(stores.DocumentFile);
        Assert.Equal(new CosmosOptions(new Uri(Endpoint), "hexabase", Key: null, ClientId: null, CreateContainers: false), stores.Cosmos);
    }

    [Fact]
    public void An_emulator_on_this_machine_has_a_key_and_lets_containers_be_created()
    {
        var stores = Read(
            ("Documents__Cosmos__Endpoint", "http://localhost:8081/"), ("Documents__Cosmos__Key", "a2V5"),
            ("Documents__Cosmos__Database", "mine"), ("Documents__Cosmos__CreateContainers", "true"));

        Assert.Equal(new CosmosOptions(new Uri("http://localhost:8081/"), "mine", "a2V5", ClientId: null, CreateContainers: true), stores.Cosmos);
    }

    [Fact]
    public void A_file_needs_nothing_of_Cosmos()
    {
        var stores = Read(("Documents__Sqlite", "documents.db"));

        Assert.Equal(("documents.db", null), (stores.DocumentFile, stores.Cosmos));
    }

    [Theory]
    [InlineData("Documents__Sqlite is missing: expected the path of the document store's file, or Documents__Cosmos__Endpoint in its place.")]
    [InlineData("Documents__Sqlite is set, and so is Documents__Cosmos: documents are in one of them.", "Documents__Sqlite", "d.db", "Documents__Cosmos__Endpoint", Endpoint)]
    [InlineData("Documents__Cosmos__Endpoint is missing: expected the address of the Cosmos DB account: https without a query, or http on this machine.", "Documents__Cosmos__Key", "a2V5")]
    [InlineData("Documents__Cosmos__Endpoint is malformed: expected the address of the Cosmos DB account: https without a query, or http on this machine.", "Documents__Cosmos__Endpoint", "http://cosmos.example.com/")]
    [InlineData("Documents__Cosmos__Key is malformed: expected a key of the Cosmos DB account, in Base64.", "Documents__Cosmos__Endpoint", Endpoint, "Documents__Cosmos__Key", "no key")]
    public void What_is_wrong_is_one_line(string line, params string[] settings)
    {
        var given = settings.Chunk(2).Select(pair => (pair[0], pair[1])).ToArray();

        Assert.Equal([line], Assert.Throws<InvalidSettingsException>(() => Read(given)).Problems);
    }

    private static StoresSettings Read(params (string Name, string Value)[] documents) => ProductSettings.Read(
        FunctionAppOutput.LeastSettings
            .Where(setting => !setting.Key.StartsWith("Documents", StringComparison.Ordinal))
            .Select(setting => (setting.Key, (string?)setting.Value))
            .Concat(documents.Select(setting => (setting.Name, (string?)setting.Value)))).Stores;
}
