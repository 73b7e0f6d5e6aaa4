using System.Text.Json;
using Hexabase.Adapters.Cosmos;
using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Support;

/// <summary>
/// A database with the product's containers, deleted in the end: in the account that <c>HEXABASE_TEST_COSMOS_ENDPOINT</c> and
/// <c>HEXABASE_TEST_COSMOS_KEY</c> name (without a key as whoever is signed in), else in an emulator of its own.
/// </summary>
public sealed class CosmosAccountFixture : IAsyncLifetime, IDisposable
{
    private readonly CosmosEmulatorFixture? emulator;

    public CosmosAccountFixture()
    {
        var endpoint = Environment.GetEnvironmentVariable("HEXABASE_TEST_COSMOS_ENDPOINT");
        emulator = endpoint is null ? new CosmosEmulatorFixture() : null;
        Options = new CosmosOptions(
            emulator?.Endpoint ?? new Uri(endpoint!),
            $"hexabase-test-{Guid.NewGuid():N}",
            emulator?.Key ?? Environment.GetEnvironmentVariable("HEXABASE_TEST_COSMOS_KEY"),
            ClientId: null,
            CreateContainers: true);
        Client = CosmosConnection.Connect(Options);
        Database = Client.GetDatabase(Options.Database);
    }

    public CosmosOptions Options { get; }

    public CosmosClient Client { get; }

    public Database Database { get; }

    public async Task InitializeAsync()
    {
        if (emulator is not null)
            await emulator.InitializeAsync();
        await CosmosConnection.CreateContainers(Database, CancellationToken.None);
    }

    /// <summary>A store on the database, which is empty then: tests that share it run one after the other.</summary>
    public async Task<CosmosDocumentStore> NewStore(TimeProvider clock)
    {
        foreach (var container in Containers.All)
            await Empty(container);
        return new CosmosDocumentStore(Database, clock, NullLogger<CosmosDocumentStore>.Instance);
    }

    public async Task DisposeAsync()
    {
        await Database.DeleteAsync();
        if (emulator is not null)
            await emulator.DisposeAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        emulator?.Dispose();
    }

    private async Task Empty(Domain.Documents.Container container)
    {
        var cosmos = Database.GetContainer(container.Name);
        using var feed = cosmos.GetItemQueryStreamIterator($"SELECT c.id, c.{container.PartitionKey} FROM c");
        while (feed.HasMoreResults)
        {
            using var page = (await feed.ReadNextAsync()).EnsureSuccessStatusCode();
            using var json = await JsonDocument.ParseAsync(page.Content);
            foreach (var item in json.RootElement.GetProperty("Documents").EnumerateArray())
            {
                var partition = new PartitionKey(item.GetProperty(container.PartitionKey).GetString());
                using var deleted = await cosmos.DeleteItemStreamAsync(item.GetProperty("id").GetString(), partition);
            }
        }
    }
}

/// <summary>Tests that share one database, one after the other: <c>[Collection(CosmosAccount.Collection)]</c>.</summary>
[CollectionDefinition(Collection)]
public sealed class CosmosAccount : ICollectionFixture<CosmosAccountFixture>
{
    public const string Collection = "Cosmos DB account";
}
