using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Hexabase.Adapters.Blobs;
using Hexabase.Domain.Blobs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>The contract against Azurite, and what calls it costs.</summary>
[Collection(Azurite.Collection)]
public sealed class AzureBlobStoreTests(AzuriteFixture azurite) : BlobStoreContract
{
    private readonly RequestLog log = new();

    protected override IBlobStore NewStore()
    {
        var options = BlobServices.NewOptions();
        options.AddPolicy(log, HttpPipelinePosition.PerRetry);
        return new AzureBlobStore(new BlobServiceClient(azurite.ConnectionString, options));
    }

    [Fact]
    public async Task A_small_write_is_one_request_once_its_container_is_there()
    {
        await Store.Create($"{Box}/first", Bytes("x"), Json, None);
        Assert.Equal([$"PUT {Box}/first 404", $"PUT {Box} 201", $"PUT {Box}/first 201"], log.Take());

        await Store.Create($"{Box}/second", new byte[30_000], Json, None);
        await Store.Put($"{Box}/second", new byte[30_000], Json, None);
        await Store.Create($"{Box}/second", Bytes("taken"), Json, None);
        Assert.Equal([$"PUT {Box}/second 201", $"PUT {Box}/second 201", $"PUT {Box}/second 409"], log.Take());
    }

    [Fact]
    public async Task A_container_is_looked_after_once_for_all_streams()
    {
        await Store.Create($"{Box}/first", new MemoryStream([1]), Json, None);
        await Store.Create($"{Box}/second", new MemoryStream([2]), Json, None);

        Assert.Equal([$"PUT {Box} 201", $"PUT {Box}/first 201", $"PUT {Box}/second 201"], log.Take());
    }

    [Fact]
    public async Task A_read_is_one_request()
    {
        await Store.Put($"{Box}/n", new byte[30_000], Json, None);
        log.Take();

        await Store.Read($"{Box}/n", None);
        await Store.Read($"{Box}/missing", None);

        Assert.Equal([$"GET {Box}/n 200", $"GET {Box}/missing 404"], log.Take());
    }

    [Fact]
    public async Task The_content_type_is_kept()
    {
        await Store.Create($"{Box}/n.csv", Bytes("x"), "text/csv", None);

        var blob = new BlobClient(azurite.ConnectionString, Box, "n.csv");
        Assert.Equal("text/csv", (await blob.GetPropertiesAsync()).Value.ContentType);
    }

    [Fact]
    public async Task The_connection_string_of_the_host_is_used()
    {
        var account = Given.Read(BlobServices.Read, ("AzureWebJobsStorage", azurite.ConnectionString));

        Assert.True(await new AzureBlobStore(account).Create($"{Box}/n", Bytes("x"), Json, None));
    }

    [Fact]
    public void An_address_alone_means_the_identity_of_the_process() =>
        Assert.Equal(
            new Uri("https://example.blob.core.windows.net/"),
            Given.Read(BlobServices.Read, ("AzureWebJobsStorage__blobServiceUri", "https://example.blob.core.windows.net/")).Uri);

    [Theory]
    [InlineData("Unrelated", "x", "AzureWebJobsStorage is missing")]
    [InlineData("AzureWebJobsStorage", "nonsense", "AzureWebJobsStorage is malformed")]
    [InlineData("AzureWebJobsStorage__blobServiceUri", "nonsense", "AzureWebJobsStorage__blobServiceUri is malformed")]
    public void A_setting_that_cannot_be_used_is_named(string name, string value, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Given.Problems(BlobServices.Read, (name, value))), StringComparison.Ordinal);

    /// <summary>What went over the wire: method, path below the account, status.</summary>
    private sealed class RequestLog : HttpPipelinePolicy
    {
        private readonly List<string> requests = [];

        public string[] Take()
        {
            lock (requests)
            {
                string[] taken = [.. requests];
                requests.Clear();
                return taken;
            }
        }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            ProcessNext(message, pipeline);
            Note(message);
        }

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            await ProcessNextAsync(message, pipeline);
            Note(message);
        }

        private void Note(HttpMessage message)
        {
            var path = message.Request.Uri.ToUri().AbsolutePath.Split('/', 3)[2];
            lock (requests)
                requests.Add($"{message.Request.Method} {path} {message.Response.Status}");
        }
    }
}
