using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
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
        await Store.Put($"{Box}/first", Bytes("x"), Json, None);
        Assert.Equal([$"PUT {Box}/first 404", $"PUT {Box} 201", $"PUT {Box}/first 201"], log.Take());

        await Store.Put($"{Box}/second", new byte[30_000], Json, None);
        await Store.Put($"{Box}/second", new byte[30_000], Json, None);
        Assert.Equal([$"PUT {Box}/second 201", $"PUT {Box}/second 201"], log.Take());
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
        await Store.Put($"{Box}/n.csv", Bytes("x"), "text/csv", None);

        var blob = new BlobClient(azurite.ConnectionString, Box, "n.csv");
        Assert.Equal("text/csv", (await blob.GetPropertiesAsync()).Value.ContentType);
    }

    [Fact]
    public async Task Containers_that_are_made_are_private()
    {
        await Create($"{Box}/n", "x");

        var container = new BlobContainerClient(azurite.ConnectionString, Box);
        Assert.Equal(PublicAccessType.None, (await container.GetAccessPolicyAsync()).Value.BlobPublicAccess);
    }

    [Fact]
    public async Task A_create_whose_answer_is_lost_meets_its_own_first_try_and_succeeds()
    {
        await Create($"{Box}/other", "x");
        log.Take();

        log.LoseNextAnswer = true;
        await Create($"{Box}/n", "content");

        Assert.Equal([$"PUT {Box}/n 201", $"PUT {Box}/n 409"], log.Take());
        Assert.Equal("content", await Text($"{Box}/n"));
    }

    [Fact]
    public async Task Bytes_that_were_changed_on_their_way_are_not_taken()
    {
        await Create($"{Box}/other", "x");
        log.SpoilNextBody = true;

        var e = await Assert.ThrowsAsync<RequestFailedException>(() => Store.Put($"{Box}/n", Bytes("content"), Json, None));

        Assert.Equal(400, e.Status); // Azure's code is Md5Mismatch, Azurite has another.
        Assert.Null(await Text($"{Box}/n"));
    }

    [Fact]
    public async Task The_connection_string_of_the_host_is_used()
    {
        var account = Given.Read(BlobServices.Read, ("AzureWebJobsStorage", azurite.ConnectionString));

        await new AzureBlobStore(account).Put($"{Box}/n", Bytes("x"), Json, None);

        Assert.Equal("x", await Text($"{Box}/n"));
    }

    [Theory]
    [InlineData("blobServiceUri", "https://example.blob.core.windows.net/")]
    [InlineData("accountName", "example")]
    public void An_address_or_the_name_of_an_account_alone_means_the_identity_of_the_process(string name, string value) =>
        Assert.Equal(
            new Uri("https://example.blob.core.windows.net/"),
            Given.Read(BlobServices.Read, ($"AzureWebJobsStorage__{name}", value)).Uri);

    [Theory]
    [InlineData("Unrelated", "x", "AzureWebJobsStorage is missing")]
    [InlineData("AzureWebJobsStorage", "nonsense", "AzureWebJobsStorage is malformed")]
    [InlineData("AzureWebJobsStorage__accountName", "no/name", "AzureWebJobsStorage__accountName is malformed")]
    [InlineData("AzureWebJobsStorage__blobServiceUri", "nonsense", "AzureWebJobsStorage__blobServiceUri is malformed")]
    [InlineData("AzureWebJobsStorage__blobServiceUri", "http://example.com", "AzureWebJobsStorage__blobServiceUri is malformed")]
    public void A_setting_that_cannot_be_used_is_named(string name, string value, string problem) =>
        Assert.StartsWith(problem, Assert.Single(Given.Problems(BlobServices.Read, (name, value))), StringComparison.Ordinal);

    /// <summary>What went over the wire: method, path below the account, status.</summary>
    private sealed class RequestLog : HttpPipelinePolicy
    {
        private readonly List<string> requests = [];

        /// <summary>The next request is answered, and the answer does not arrive.</summary>
        public bool LoseNextAnswer { get; set; }

        /// <summary>The next request's body arrives with a byte changed.</summary>
        public bool SpoilNextBody { get; set; }

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
            if (SpoilNextBody)
                message.Request.Content = await Spoiled(message.Request.Content!, message.CancellationToken);
            SpoilNextBody = false;
            await ProcessNextAsync(message, pipeline);
            Note(message);
            if (!LoseNextAnswer)
                return;
            LoseNextAnswer = false;
            throw new IOException("The connection is gone.");
        }

        private static async Task<RequestContent> Spoiled(RequestContent content, CancellationToken ct)
        {
            using var body = new MemoryStream();
            await content.WriteToAsync(body, ct);
            var bytes = body.ToArray();
            bytes[0]++;
            return RequestContent.Create(bytes);
        }

        private void Note(HttpMessage message)
        {
            var path = message.Request.Uri.ToUri().AbsolutePath.Split('/', 3)[2];
            lock (requests)
                requests.Add($"{message.Request.Method} {path} {message.Response.Status}");
        }
    }
}
