using Azure.Identity;
using Azure.Storage.Blobs;
using Hexabase.Adapters.Blobs;
using Hexabase.Domain.Blobs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>
/// The contract against a storage account that <c>HEXABASE_TEST_BLOBS</c> names: by a connection string, or by its https address and whoever
/// is signed in here, with role Storage Blob Data Contributor. The containers that a test makes are deleted after it.
/// </summary>
[NeedsEnvironment(Variable, "a connection string or the https address of a storage account for tests")]
public sealed class AzureAccountBlobStoreTests : BlobStoreContract, IAsyncLifetime
{
    private const string Variable = "HEXABASE_TEST_BLOBS";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Connect().GetBlobContainerClient(Box).DeleteIfExistsAsync();

    protected override IBlobStore NewStore() => new AzureBlobStore(Connect());

    private static BlobServiceClient Connect()
    {
        var account = Environment.GetEnvironmentVariable(Variable)!;
        return account.StartsWith("https://", StringComparison.Ordinal)
            ? new BlobServiceClient(new Uri(account), new DefaultAzureCredential(), BlobServices.NewOptions())
            : new BlobServiceClient(account, BlobServices.NewOptions());
    }
}
