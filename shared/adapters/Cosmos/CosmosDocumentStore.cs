using System.Net;
using System.Text.Json;
using Hexabase.Adapters.Documents;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Logging;
using Container = Hexabase.Domain.Documents.Container;

namespace Hexabase.Adapters.Cosmos;

/// <summary>
/// Documents in an Azure Cosmos DB database, a container each, laid out as <see cref="CosmosItem"/>. That reads see every acknowledged commit is the
/// account's promise: its consistency has to be Strong. Whether a document's time to live is over is decided by the store's clock.
/// </summary>
/// <param name="database">Of a client that <see cref="CosmosConnection"/> made.</param>
public sealed class CosmosDocumentStore(Database database, TimeProvider clock, ILogger logger) : IDocumentStore
{
    private readonly CosmosCalls calls = new(clock, logger);

    /// <inheritdoc />
    public async ValueTask<Document<T>?> Read<T>(Container container, string partition, string id, CancellationToken ct) where T : class
    {
        using var json = await ReadItem(container, partition, id, ct);
        return json is not null && new CosmosItem(json.RootElement) is var item && item.Version.IsLive(clock.GetUtcNow())
            ? item.Document<T>(container)
            : null;
    }

    /// <inheritdoc />
    public async ValueTask<Page<T>> Query<T>(PartitionQuery query, CancellationToken ct) where T : class
    {
        var identity = QueryIdentity.Of(query);
        var last = query.Continuation is { } continuation ? Continuation.Position(continuation, identity, parts: 1)[0] : null;
        var options = new QueryRequestOptions { PartitionKey = new PartitionKey(query.Partition), MaxItemCount = query.Limit + 1 };
        using var feed = Cosmos(query.Container).GetItemQueryStreamIterator(Sql(query, last), requestOptions: options);
        var documents = new List<Document<T>>();
        while (documents.Count <= query.Limit && feed.HasMoreResults)
            await ReadPage(query.Container, "query", feed, documents, ct);
        return documents.Count <= query.Limit
            ? new Page<T>(documents, null)
            : new Page<T>([.. documents.Take(query.Limit)], Continuation.After([documents[query.Limit - 1].Id], identity));
    }

    /// <inheritdoc />
    public async ValueTask<Page<T>> Query<T>(IndexQuery query, CancellationToken ct) where T : class
    {
        var identity = QueryIdentity.Of(query);
        var token = query.Continuation is { } continuation ? Continuation.Position(continuation, identity, parts: 1)[0] : null;
        var value = $"c[\"value\"].{query.Index.Property}";
        var sql = new QueryDefinition($"SELECT * FROM c WHERE {value} <= @upTo ORDER BY {value}").WithParameter("@upTo", query.UpTo);
        using var feed = Cosmos(query.Container).GetItemQueryStreamIterator(sql, token, new QueryRequestOptions { MaxItemCount = query.Limit });
        var documents = new List<Document<T>>();
        try
        {
            while (documents.Count == 0 && feed.HasMoreResults)
                token = await ReadPage(query.Container, "index_query", feed, documents, ct);
        }
        catch (CosmosRequestException e) when (query.Continuation is not null)
        {
            throw new InvalidContinuationException($"The continuation was not made by this query: {e.Message}");
        }
        return new Page<T>(documents, feed.HasMoreResults ? Continuation.After([token!], identity) : null);
    }

    /// <inheritdoc />
    public async Task<CommitResult> Commit(DocumentBatch batch, CancellationToken ct)
    {
        if (batch.Operations.Count == 0)
            return CommitResult.Success;
        var commit = new CosmosCommit(batch, clock.GetUtcNow());
        for (var tries = 0; tries < commit.MostTries; tries++)
        {
            // What was sent may be applied, so the caller waits for its answer; a try that was refused has changed nothing.
            ct.ThrowIfCancellationRequested();
            using var response = await calls.Send(
                batch.Container, "commit", stop => commit.For(Cosmos(batch.Container)).ExecuteAsync(stop), CosmosAnswer.Of, CancellationToken.None);
            if (response.IsSuccessStatusCode)
                return CommitResult.Success;
            var failed = response.TakeWhile(result => result.StatusCode == HttpStatusCode.FailedDependency).Count();
            if (await commit.Outcome(failed, response[failed].StatusCode, id => Look(batch, id, ct)) is { } outcome)
                return outcome;
        }
        throw new DependencyUnavailableException("What the batch changes is changed by others all the time.");
    }

    private async Task<CosmosVersion?> Look(DocumentBatch batch, string id, CancellationToken ct)
    {
        using var json = await ReadItem(batch.Container, batch.Partition, id, ct);
        return json is null ? null : new CosmosItem(json.RootElement).Version;
    }

    /// <summary>An item, live or not; null when there is none.</summary>
    private async Task<JsonDocument?> ReadItem(Container container, string partition, string id, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!DocumentId.IsValid(id))
            return null;
        using var response = await calls.Send(
            container, "read", stop => Cosmos(container).ReadItemStreamAsync(id, new PartitionKey(partition), cancellationToken: stop), CosmosAnswer.Of, ct);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await JsonDocument.ParseAsync(response.Content, cancellationToken: ct);
    }

    /// <summary>Adds the live documents of the feed's next page, and returns what the page after it begins with.</summary>
    private async Task<string?> ReadPage<T>(Container container, string operation, FeedIterator feed, List<Document<T>> documents, CancellationToken ct)
        where T : class
    {
        using var response = await calls.Send(container, operation, feed.ReadNextAsync, CosmosAnswer.Of, ct);
        using var json = await JsonDocument.ParseAsync(response.Content, cancellationToken: ct);
        var now = clock.GetUtcNow();
        foreach (var element in json.RootElement.GetProperty("Documents"u8).EnumerateArray())
        {
            if (new CosmosItem(element) is var item && item.Version.IsLive(now))
                documents.Add(item.Document<T>(container));
        }
        return response.ContinuationToken;
    }

    private static QueryDefinition Sql(PartitionQuery query, string? last)
    {
        var (after, order) = query.Descending ? ("<", "DESC") : (">", "ASC");
        var from = last is null ? "" : $" AND c.id {after} @last";
        var sql = new QueryDefinition($"SELECT * FROM c WHERE STARTSWITH(c.id, @prefix){from} ORDER BY c.id {order}").WithParameter("@prefix", query.IdPrefix);
        return last is null ? sql : sql.WithParameter("@last", last);
    }

    private Microsoft.Azure.Cosmos.Container Cosmos(Container container) => database.GetContainer(container.Name);
}
