using Hexabase.Adapters.Blobs;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;

namespace Hexabase.Functions.Platform;

/// <summary>Where documents, blobs and messages go.</summary>
public static class StoresServices
{
    public static IServiceCollection AddStores(this IServiceCollection services, StoresSettings settings)
    {
        services.AddSingleton<IDocumentStore>(provider =>
            SqliteDocumentStore.Open(settings.DocumentFile, Containers.All, provider.GetRequiredService<TimeProvider>()));
        return services.AddBlobStore(settings.Blobs).AddServiceBusSender(settings.Queues);
    }
}
