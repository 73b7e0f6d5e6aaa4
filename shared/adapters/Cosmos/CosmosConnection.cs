using Hexabase.Adapters.Settings;
using Microsoft.Azure.Cosmos;

namespace Hexabase.Adapters.Cosmos;

/// <summary>How the app talks to Cosmos: one client a process.</summary>
public static class CosmosConnection
{
    /// <param name="http">Replaces the network, for tests.</param>
    public static CosmosClient Connect(CosmosOptions options, Func<HttpClient>? http = null)
    {
        var client = new CosmosClientOptions
        {
            ApplicationName = "hexabase",
            ConnectionMode = ConnectionMode.Gateway,

            // One region is written to. With others in reach the SDK sends a write that was not answered once more.
            LimitToEndpoint = true,

            MaxRetryAttemptsOnRateLimitedRequests = 9,
            MaxRetryWaitTimeOnRateLimitedRequests = CosmosCalls.Patience / 2,
            HttpClientFactory = http,
        };
        var endpoint = options.Endpoint.AbsoluteUri;
        if (options.Key is { } key)
            return new CosmosClient(endpoint, key, client);
        return new CosmosClient(endpoint, ProcessIdentity.Credential(options.ClientId), client);
    }

    /// <summary>Creates the database and the containers that are missing, as <see cref="CosmosContainers"/> describes them.</summary>
    public static async Task CreateContainers(Database database, CancellationToken ct)
    {
        await database.Client.CreateDatabaseIfNotExistsAsync(database.Id, cancellationToken: ct);
        foreach (var container in CosmosContainers.All())
            await database.CreateContainerIfNotExistsAsync(container, cancellationToken: ct);
    }
}
