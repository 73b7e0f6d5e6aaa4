using System.Net;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage.Blobs;
using Hexabase.Adapters.Blobs;
using Hexabase.Domain;

namespace Hexabase.Tests.Stores;

/// <summary>Which failures of an account mean that it does not answer, and which that something is wrong with us.</summary>
public sealed class BlobStoreOutageTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)] // no answer at all
    public async Task What_may_pass_is_a_dependency_that_does_not_answer(int status)
    {
        var store = StoreAnswering(status);
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Create("data/n", new MemoryStream([1]), "text/csv", default));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Put("data/n", new byte[1], "text/csv", default));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Read("data/n", default));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.OpenRead("data/n", default));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Exists("data/n", default));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    public async Task What_does_not_pass_by_itself_is_told_as_it_is(int status)
    {
        var e = await Assert.ThrowsAsync<RequestFailedException>(() => StoreAnswering(status).Read("data/n", default));
        Assert.Equal(status, e.Status);
    }

    [Fact]
    public async Task Without_a_token_the_account_does_not_answer()
    {
        var store = new AzureBlobStore(new BlobServiceClient(new Uri("https://example.blob.core.windows.net"), new NoTokens(), Options(200)));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => store.Read("data/n", default));
    }

    private static AzureBlobStore StoreAnswering(int status) =>
        new(new BlobServiceClient(new Uri("https://example.blob.core.windows.net"), Options(status)));

    private static BlobClientOptions Options(int status)
    {
        var options = BlobServices.NewOptions();
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.MaxDelay = TimeSpan.Zero;
        options.Transport = new HttpClientTransport(new HttpClient(new Answering(status)));
        return options;
    }

    private sealed class Answering(int status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => status == 0
            ? throw new HttpRequestException("Nobody is there.")
            : Task.FromResult(new HttpResponseMessage((HttpStatusCode)status));
    }

    private sealed class NoTokens : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("The identity endpoint does not answer.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
