using Azure.Storage.Blobs;
using Hexabase.Adapters.Blobs;
using Hexabase.Adapters.Cosmos;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Adapters.Settings;

namespace Hexabase.Functions.Platform;

/// <summary>Where documents, blobs and messages go.</summary>
/// <param name="DocumentFile">Path of the SQLite file; null when documents are in Cosmos.</param>
/// <param name="Cosmos">Null when documents are in a file.</param>
public sealed record StoresSettings(string? DocumentFile, CosmosOptions? Cosmos, BlobServiceClient Blobs, ServiceBusConnection Queues)
{
    public static StoresSettings Read(SettingsReader settings)
    {
        var documents = settings.Section("Documents");
        var cosmosSection = documents.Section("Cosmos");
        var cosmos = CosmosOptions.Read(cosmosSection);
        var file = documents.RequiredIf(
            !cosmosSection.HasAny, "Sqlite", SettingKinds.Text("the path of the document store's file, or Documents__Cosmos__Endpoint in its place"));
        if (file is not null && cosmosSection.HasAny)
            documents.Report("Sqlite", "is set, and so is Documents__Cosmos: documents are in one of them.");
        return new StoresSettings(file, cosmos, BlobServices.Read(settings), ServiceBusConnection.Read(settings));
    }
}
