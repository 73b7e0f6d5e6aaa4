using Azure.Storage.Blobs;
using Hexabase.Adapters.Blobs;
using Hexabase.Adapters.ServiceBus;
using Hexabase.Adapters.Settings;

namespace Hexabase.Functions.Platform;

/// <summary>Where documents, blobs and messages go.</summary>
/// <param name="DocumentFile">Path of the document file.</param>
public sealed record StoresSettings(string DocumentFile, BlobServiceClient Blobs, ServiceBusConnection Queues)
{
    public static StoresSettings Read(SettingsReader settings) => new(
        settings.Section("Documents").Required("Sqlite", SettingKinds.Text("the path of the document store's file")),
        BlobServices.Read(settings),
        ServiceBusConnection.Read(settings));
}
