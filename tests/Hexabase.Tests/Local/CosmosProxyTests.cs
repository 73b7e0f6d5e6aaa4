using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Tests.Support;
using Microsoft.Azure.Cosmos;

namespace Hexabase.Tests.Local;

/// <summary>The official SDK against the platform's Cosmos DB account: what the adapter uses behaves as the service documents it.</summary>
[Collection(CosmosEmulator.Collection)]
public sealed class CosmosProxyTests(CosmosEmulatorFixture account) : IAsyncLifetime, IDisposable
{
    private readonly CosmosClient client = Client(account.Endpoint, account.Key);
    private Container container = null!;

    public async Task InitializeAsync()
    {
        var database = await client.CreateDatabaseIfNotExistsAsync(account.NewDatabase());
        container = await database.Database.CreateContainerIfNotExistsAsync(new ContainerProperties("accounts", "/accountId")
        {
            DefaultTimeToLive = -1,
            IndexingPolicy = new IndexingPolicy
            {
                ExcludedPaths = { new ExcludedPath { Path = "/*" } },
                IncludedPaths = { new IncludedPath { Path = "/accountId/?" }, new IncludedPath { Path = "/value/outbox_due/?" } },
            },
        });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task A_batch_that_succeeds_answers_each_operation_with_status_and_etag()
    {
        using var response = await Batch("a").CreateItemStream(Item("a", "1")).UpsertItemStream(Item("a", "2")).ExecuteAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created], response.Select(r => r.StatusCode));
        Assert.Equal(await ETag("a", "1"), response[0].ETag);
        Assert.True(response.RequestCharge > 0);
    }

    [Fact]
    public async Task A_batch_gives_the_written_item_back()
    {
        using var response = await Batch("a").CreateItemStream(Item("a", "1", """{"name":"日本"}""")).ExecuteAsync();

        var written = await JsonNode.ParseAsync(response[0].ResourceStream);
        Assert.Equal("日本", (string?)written!["value"]!["name"]);
    }

    [Fact]
    public async Task A_batch_gives_nothing_back_when_that_is_asked_for()
    {
        var options = new TransactionalBatchItemRequestOptions { EnableContentResponseOnWrite = false };
        using var response = await Batch("a").CreateItemStream(Item("a", "1"), options).ExecuteAsync();

        Assert.Null(response[0].ResourceStream);
        Assert.NotNull(response[0].ETag);
    }

    [Fact]
    public async Task A_batch_whose_last_operation_fails_changes_nothing()
    {
        await Create("a", "taken");

        using var response = await Batch("a").CreateItemStream(Item("a", "new")).CreateItemStream(Item("a", "taken")).ExecuteAsync();

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal([HttpStatusCode.FailedDependency, HttpStatusCode.Conflict], response.Select(r => r.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, await Status("a", "new"));
    }

    [Fact]
    public async Task Replacing_with_the_etag_that_was_read_makes_a_new_etag()
    {
        var etag = await Create("a", "1");

        using var response = await Batch("a").ReplaceItemStream("1", Item("a", "1"), IfMatch(etag)).ExecuteAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(etag, response[0].ETag);
    }

    [Theory]
    [InlineData(HttpStatusCode.PreconditionFailed, "stored")]
    [InlineData(HttpStatusCode.NotFound, "missing")]
    public async Task A_conditional_operation_on_another_version_or_on_nothing_fails(HttpStatusCode expected, string id)
    {
        await Create("a", "stored");

        using var replaced = await Batch("a").ReplaceItemStream(id, Item("a", id), IfMatch("\"another\"")).ExecuteAsync();
        using var deleted = await Batch("a").DeleteItem(id, IfMatch("\"another\"")).ExecuteAsync();

        Assert.Equal((expected, expected), (replaced.StatusCode, deleted.StatusCode));
    }

    [Fact]
    public async Task A_deleted_item_is_gone()
    {
        var etag = await Create("a", "1");

        using var response = await Batch("a").DeleteItem("1", IfMatch(etag)).ExecuteAsync();

        Assert.Equal(HttpStatusCode.NoContent, response[0].StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await Status("a", "1"));
    }

    [Fact]
    public async Task A_batch_sees_what_its_earlier_operations_wrote()
    {
        using var response = await Batch("a")
            .CreateItemStream(Item("a", "1")).DeleteItem("1").CreateItemStream(Item("a", "1")).CreateItemStream(Item("a", "1")).ExecuteAsync();

        Assert.Equal(HttpStatusCode.Conflict, response[3].StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await Status("a", "1"));
    }

    [Fact]
    public async Task Of_batches_that_race_for_one_item_one_wins()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Batch("a").CreateItemStream(Item("a", "prize")).CreateItemStream(Item("a", $"by-{i}")).ExecuteAsync()));

        Assert.Single(responses, r => r.IsSuccessStatusCode);
        Assert.Equal(2, (await Ids("SELECT * FROM c", "a")).Count);
    }

    [Theory]
    [InlineData("a b+c")]
    [InlineData("日本語")]
    [InlineData("run:a&b=c;d'e\"f")]
    [InlineData("100%")]
    public async Task An_id_of_any_characters_is_read_as_it_was_written(string id)
    {
        using var response = await Batch(id).CreateItemStream(Item(id, id)).ExecuteAsync();
        Assert.True(response.IsSuccessStatusCode);

        using var read = await container.ReadItemStreamAsync(id, new PartitionKey(id));

        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(id, (string?)(await JsonNode.ParseAsync(read.Content))!["id"]);
    }

    [Fact]
    public async Task A_query_sees_only_its_partition()
    {
        await Create("a", "1");
        await Create("b", "2");

        Assert.Equal(["1"], await Ids("SELECT * FROM c", "a"));
    }

    [Fact]
    public async Task A_query_pages_by_prefix_in_either_order()
    {
        foreach (var id in new[] { "x-9", "run-1", "run-2", "run-3", "a" })
            await Create("a", id);
        var ascending = new QueryDefinition("SELECT * FROM c WHERE STARTSWITH(c.id, @prefix) ORDER BY c.id").WithParameter("@prefix", "run-");
        var descending = new QueryDefinition("SELECT * FROM c WHERE STARTSWITH(c.id, @prefix) ORDER BY c.id DESC").WithParameter("@prefix", "run-");

        Assert.Equal(["run-1,run-2", "run-3"], await Pages(ascending, 2, new PartitionKey("a")));
        Assert.Equal(["run-3,run-2", "run-1"], await Pages(descending, 2, new PartitionKey("a")));
    }

    [Fact]
    public async Task A_query_takes_ranges_and_a_top()
    {
        foreach (var id in new[] { "run-1", "run-2", "run-3" })
            await Create("a", id);
        var query = new QueryDefinition("SELECT TOP @top c.id, c._etag, c[\"value\"] FROM c WHERE c.id > @after AND c.id < @end ORDER BY c.id")
            .WithParameter("@top", 1).WithParameter("@after", "run-1").WithParameter("@end", "run-z");

        Assert.Equal(["run-2"], await Pages(query, -1, new PartitionKey("a")));
    }

    [Fact]
    public async Task A_query_over_partitions_pages_in_the_order_of_an_indexed_value()
    {
        await Create("a", "late", """{"outbox_due":"2026-03"}""");
        await Create("b", "early", """{"outbox_due":"2026-01"}""");
        await Create("c", "middle", """{"outbox_due":"2026-02"}""");
        await Create("d", "none");
        await Create("e", "after", """{"outbox_due":"2027-01"}""");
        var query = new QueryDefinition("SELECT * FROM c WHERE c[\"value\"].outbox_due <= @upTo ORDER BY c[\"value\"].outbox_due")
            .WithParameter("@upTo", "2026-12");

        Assert.Equal(["early,middle", "late"], await Pages(query, 2, null));
    }

    [Fact]
    public async Task An_item_over_two_megabytes_is_refused()
    {
        using var response = await Batch("a").CreateItemStream(Item("a", "1", $"\"{new string('x', 2_200_000)}\"")).ExecuteAsync();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task An_account_that_is_read_says_strong_consistency()
    {
        var properties = await client.ReadAccountAsync();

        Assert.Equal(ConsistencyLevel.Strong, properties.Consistency.DefaultConsistencyLevel);
    }

    [Fact]
    public async Task Another_key_is_refused()
    {
        using var stranger = Client(account.Endpoint, Convert.ToBase64String(new byte[64]));

        var refusal = await Assert.ThrowsAsync<CosmosException>(() => stranger.GetContainer(container.Database.Id, "accounts").ReadContainerAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
    }

    [Fact]
    public async Task A_container_that_is_gone_is_not_taken_for_an_item_that_is_not_there()
    {
        Assert.Equal(HttpStatusCode.NotFound, await Status("a", "1"));
        using (var other = Client(account.Endpoint, account.Key))
            await other.GetContainer(container.Database.Id, container.Id).DeleteContainerAsync();

        using var read = await container.ReadItemStreamAsync("1", new PartitionKey("a"));
        using var written = await Batch("a").CreateItemStream(Item("a", "1")).ExecuteAsync();

        Assert.Equal((HttpStatusCode.NotFound, "1003"), (read.StatusCode, read.Headers["x-ms-substatus"]));
        Assert.Equal((HttpStatusCode.NotFound, "1003"), (written.StatusCode, written.Headers["x-ms-substatus"]));
    }

    [Fact]
    public async Task An_item_of_another_partition_is_refused()
    {
        using var response = await Batch("a").CreateItemStream(Item("b", "1")).ExecuteAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, await Status("b", "1"));
    }

    [Fact]
    public async Task A_reader_never_sees_half_of_a_batch()
    {
        using var first = await Batch("a").CreateItemStream(Item("a", "1", "0")).CreateItemStream(Item("a", "2", "0")).ExecuteAsync();
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 50; i++)
            {
                using var written = await Batch("a").UpsertItemStream(Item("a", "1", $"{i}")).UpsertItemStream(Item("a", "2", $"{i}")).ExecuteAsync();
                Assert.True(written.IsSuccessStatusCode);
            }
        });
        while (!writing.IsCompleted)
        {
            using var results = container.GetItemQueryStreamIterator("SELECT * FROM c", requestOptions: new QueryRequestOptions { PartitionKey = new PartitionKey("a") });
            using var page = await results.ReadNextAsync();
            var values = (await JsonNode.ParseAsync(page.Content))!["Documents"]!.AsArray().Select(item => (int)item!["value"]!);
            Assert.Single(values.Distinct());
        }
        await writing;
    }

    private static CosmosClient Client(Uri endpoint, string key) =>
        new(endpoint.AbsoluteUri, key, new CosmosClientOptions { ConnectionMode = ConnectionMode.Gateway });

    private static TransactionalBatchItemRequestOptions IfMatch(string etag) => new() { IfMatchEtag = etag };

    private static MemoryStream Item(string partition, string id, string value = "{}") =>
        new(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["accountId"] = partition, ["value"] = JsonNode.Parse(value) }));

    private TransactionalBatch Batch(string partition) => container.CreateTransactionalBatch(new PartitionKey(partition));

    /// <returns>The ETag.</returns>
    private async Task<string> Create(string partition, string id, string value = "{}")
    {
        using var response = await Batch(partition).CreateItemStream(Item(partition, id, value)).ExecuteAsync();
        Assert.True(response.IsSuccessStatusCode, response.ErrorMessage);
        return response[0].ETag;
    }

    private async Task<HttpStatusCode> Status(string partition, string id)
    {
        using var response = await container.ReadItemStreamAsync(id, new PartitionKey(partition));
        return response.StatusCode;
    }

    private async Task<string> ETag(string partition, string id)
    {
        using var response = await container.ReadItemStreamAsync(id, new PartitionKey(partition));
        return response.Headers.ETag;
    }

    private async Task<IReadOnlyList<string>> Ids(string query, string partition) =>
        [.. (await Pages(new QueryDefinition(query), -1, new PartitionKey(partition))).SelectMany(page => page.Split(','))];

    /// <summary>Ids of each page joined by commas; every page is asked for with the continuation of the one before, as a later request would.</summary>
    private async Task<List<string>> Pages(QueryDefinition query, int pageSize, PartitionKey? partition)
    {
        var pages = new List<string>();
        string? continuation = null;
        do
        {
            using var results = container.GetItemQueryStreamIterator(
                query, continuation, new QueryRequestOptions { PartitionKey = partition, MaxItemCount = pageSize });
            using var page = await results.ReadNextAsync();
            page.EnsureSuccessStatusCode();
            var documents = (await JsonNode.ParseAsync(page.Content))!["Documents"]!.AsArray();
            pages.Add(string.Join(',', documents.Select(d => (string)d!["id"]!)));
            continuation = page.ContinuationToken;
        }
        while (continuation is not null);
        return pages;
    }
}
