using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Cosmos;

/// <summary>How documents in Cosmos join an app.</summary>
public static class CosmosServices
{
    public static IServiceCollection AddCosmosDocuments(this IServiceCollection services, CosmosOptions options) => services
        .AddSingleton(_ => CosmosConnection.Connect(options))
        .AddSingleton(provider => provider.GetRequiredService<CosmosClient>().GetDatabase(options.Database))
        .AddSingleton<IDocumentStore>(provider => new CosmosDocumentStore(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CosmosDocumentStore>>()))
        .AddHostedService(provider => new CosmosStart(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<IDocumentStore>(),
            options.CreateContainers,
            provider.GetRequiredService<ILogger<CosmosStart>>()));
}
