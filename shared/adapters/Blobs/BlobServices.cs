using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Hexabase.Domain.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Adapters.Blobs;

/// <summary>How blobs join an app.</summary>
public static class BlobServices
{
    /// <summary>Adds <see cref="IBlobStore"/> over the app setting <c>AzureWebJobsStorage</c>, see <see cref="Connect"/>.</summary>
    /// <exception cref="InvalidOperationException">The setting cannot be used.</exception>
    public static IServiceCollection AddBlobStore(this IServiceCollection services, IConfiguration configuration)
    {
        var service = Connect(configuration);
        return services.AddSingleton<IBlobStore>(new AzureBlobStore(service));
    }

    /// <summary>
    /// Reads the setting that the Functions host reads, in its order: <paramref name="name"/> as a connection string, or
    /// <c>{name}__accountName</c>, or <c>{name}__blobServiceUri</c>; with the latter two the identity of the process is used
    /// (<c>{name}__clientId</c> for a user-assigned one).
    /// </summary>
    /// <exception cref="InvalidOperationException">None is set, or it cannot be used.</exception>
    public static BlobServiceClient Connect(IConfiguration configuration, string name = "AzureWebJobsStorage")
    {
        var section = configuration.GetSection(name);
        if (section.Value is { Length: > 0 } connectionString)
        {
            try
            {
                return new BlobServiceClient(connectionString, NewOptions());
            }
            catch (FormatException e)
            {
                throw new InvalidOperationException($"'{name}' is no connection string of a storage account: {e.Message}", e);
            }
        }
        var address = section["accountName"] is { Length: > 0 } account ? $"https://{account}.blob.core.windows.net" : section["blobServiceUri"];
        if (string.IsNullOrEmpty(address))
        {
            throw new InvalidOperationException(
                $"None of '{name}' (a connection string), '{name}__accountName' and '{name}__blobServiceUri' is set.");
        }
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            throw new InvalidOperationException($"'{name}__blobServiceUri' is no address: {address}");
        var identity = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });
        return new BlobServiceClient(uri, identity, NewOptions());
    }

    /// <summary>
    /// Up to three tries of ten seconds at most, for the caller has its own deadline and retry; and no record of every call: the run's own
    /// span and the exception say what is needed.
    /// </summary>
    internal static BlobClientOptions NewOptions() => new()
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = 2,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = TimeSpan.FromSeconds(2),
            NetworkTimeout = TimeSpan.FromSeconds(10),
        },
        Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
    };
}
