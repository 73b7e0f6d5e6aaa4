using Hexabase.Adapters.Blobs;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;

namespace Hexabase.Functions.Platform;

/// <summary>Where documents, blobs and messages go.</summary>
public static class StoresServices
{
    /// <summary>
    /// Reads <c>Documents:Sqlite</c> (path of the document file), <c>AzureWebJobsStorage</c> (blobs) and <c>ServiceBus</c> (queues).
    /// </summary>
    public static IServiceCollection AddStores(this IServiceCollection services, IConfiguration configuration)
    {
        var path = configuration["Documents:Sqlite"]
            ?? throw new InvalidOperationException("Documents__Sqlite is missing: the path of the document store's file.");
        services.AddSingleton<IDocumentStore>(provider =>
            SqliteDocumentStore.Open(path, Containers.All, provider.GetRequiredService<TimeProvider>()));
        return services.AddBlobStore(configuration).AddServiceBusSender(configuration);
    }
}
