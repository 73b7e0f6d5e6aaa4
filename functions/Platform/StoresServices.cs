using Hexabase.Adapters.Blobs;
using Hexabase.Adapters.Cosmos;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;

namespace Hexabase.Functions.Platform;

/// <summary>Where documents, blobs and messages go.</summary>
public static class StoresServices
{
    public static IServiceCollection AddStores(this IServiceCollection services, StoresSettings settings) => services
        .AddDocuments(settings)
        .AddBlobStore(settings.Blobs)
        .AddServiceBusSender(settings.Queues);

    private static IServiceCollection AddDocuments(this IServiceCollection services, StoresSettings settings) => settings.Cosmos is { } cosmos
        ? services.AddCosmosDocuments(cosmos)
        : services.AddSingleton<IDocumentStore>(provider =>
            SqliteDocumentStore.Open(settings.DocumentFile!, Containers.All, provider.GetRequiredService<TimeProvider>()));
}
