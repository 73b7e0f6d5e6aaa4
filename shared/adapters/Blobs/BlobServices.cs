using Azure.Core;
using Azure.Storage.Blobs;
using Hexabase.Adapters.Settings;
using Hexabase.Domain.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Adapters.Blobs;

/// <summary>How blobs join an app.</summary>
public static class BlobServices
{
    private const string Name = "AzureWebJobsStorage";

    private static readonly SettingKind<BlobServiceClient> ConnectionString = new(
        $"a connection string of a storage account, or {Name}__blobServiceUri in its place",
        text => new BlobServiceClient(text, NewOptions()),
        IsSecret: true);

    private static readonly SettingKind<Uri> AccountName = new(
        "the name of a storage account: small letters and digits",
        text => text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
            ? new Uri($"https://{text}.blob.core.windows.net")
            : throw new FormatException());

    /// <summary>An identity's token travels there.</summary>
    private static readonly SettingKind<Uri> Address = new(
        "the https address of a storage account's blobs, without a query",
        text => SettingKinds.SafeAddress("").Parse(text) is var uri && uri.Scheme == Uri.UriSchemeHttps ? uri : throw new FormatException());

    /// <summary>Adds <see cref="IBlobStore"/> over the account that <see cref="Read"/> found.</summary>
    public static IServiceCollection AddBlobStore(this IServiceCollection services, BlobServiceClient account) =>
        services.AddSingleton<IBlobStore>(new AzureBlobStore(account));

    /// <summary>
    /// Reads the setting that the Functions host reads, in its order: <c>AzureWebJobsStorage</c> as a connection string, or
    /// <c>AzureWebJobsStorage__accountName</c>, or <c>AzureWebJobsStorage__blobServiceUri</c>; with the latter two the identity of the
    /// process is used (<c>AzureWebJobsStorage__clientId</c> for a user-assigned one).
    /// </summary>
    public static BlobServiceClient Read(SettingsReader settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var section = settings.Section(Name, isShared: true);
        var ofName = section.Optional("accountName", AccountName);
        var address = section.Optional("blobServiceUri", Address);
        var user = section.Optional("clientId", ProcessIdentity.ClientId);
        var account = settings.RequiredIf(!section.Has("accountName") && !section.Has("blobServiceUri"), Name, ConnectionString);
        if (account is not null || (ofName ?? address) is not { } server)
            return account!;
        return new BlobServiceClient(server, ProcessIdentity.Credential(user), NewOptions());
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
