using System.Net;
using Hexabase.Adapters.Documents;
using Hexabase.Domain.Documents;
using Microsoft.Azure.Cosmos;
using Container = Microsoft.Azure.Cosmos.Container;

namespace Hexabase.Adapters.Cosmos;

/// <summary>
/// A batch on its way to Cosmos. Cosmos applies operations in turn and undoes all at the first that fails, but two of its rules are not the store's: to
/// delete what is not there fails, and an item whose time is over is there until Cosmos deletes it. What fails for such a reason is put another way
/// and the batch is sent again.
/// </summary>
internal sealed class CosmosCommit
{
    private static readonly TransactionalBatchItemRequestOptions Written = new() { EnableContentResponseOnWrite = false };

    private readonly DocumentBatch batch;
    private readonly DateTimeOffset now;
    private readonly byte[]?[] items;

    // For a create that met an item whose time is over: the version it takes the place of.
    private readonly string?[] over;

    // Deletes are sent as items whose time is over, for these can be written whether or not there was one.
    private bool overwritesInsteadOfDeleting;

    /// <inheritdoc cref="BatchJson.Of" path="/exception"/>
    public CosmosCommit(DocumentBatch batch, DateTimeOffset now)
    {
        this.batch = batch;
        this.now = now;
        var values = BatchJson.Of(batch);
        items = new byte[]?[values.Length];
        over = new string?[values.Length];
        for (var i = 0; i < values.Length; i++)
            items[i] = values[i] is { } value ? CosmosItem.Write(batch, batch.Operations[i], value, now) : null;
    }

    /// <summary>How often it may be put another way: once for each operation, and a few times more for documents that others write at the same time.</summary>
    public int MostTries => batch.Operations.Count + 3;

    public TransactionalBatch For(Container container)
    {
        var cosmos = container.CreateTransactionalBatch(new PartitionKey(batch.Partition));
        for (var i = 0; i < items.Length; i++)
            Add(cosmos, i);
        return cosmos;
    }

    /// <summary>
    /// How the commit ends, one operation having failed; null when it is to be sent again, put another way. <paramref name="look"/> reads the version
    /// that is there, live or over, or null.
    /// </summary>
    public async Task<CommitResult?> Outcome(int failed, HttpStatusCode status, Func<string, Task<CosmosVersion?>> look)
    {
        var operation = batch.Operations[failed];
        if (operation is DocumentOperation.Delete { IfMatch: null })
        {
            overwritesInsteadOfDeleting = true;
            return batch.Operations.Count == 1 ? CommitResult.Success : null;
        }
        var there = operation is DocumentOperation.Create || status == HttpStatusCode.PreconditionFailed ? await look(operation.Id) : null;
        var isLive = there?.IsLive(now) == true;
        if (operation is not DocumentOperation.Create)
            return CommitResult.Refused(failed, isLive ? CommitRefusal.ETagMismatch : CommitRefusal.NotFound);
        over[failed] = there?.ETag;
        return isLive ? CommitResult.Refused(failed, CommitRefusal.AlreadyExists) : null;
    }

    private void Add(TransactionalBatch cosmos, int i)
    {
        switch (batch.Operations[i])
        {
            case DocumentOperation.Create when over[i] is null:
                cosmos.CreateItemStream(Item(i), Written);
                break;
            case DocumentOperation.Create { Id: var id }:
                cosmos.ReplaceItemStream(id, Item(i), If(over[i]!));
                break;
            case DocumentOperation.Replace { Id: var id, IfMatch: var version }:
                cosmos.ReplaceItemStream(id, Item(i), If(CosmosVersion.Condition(version, now)));
                break;
            case DocumentOperation.Upsert:
                cosmos.UpsertItemStream(Item(i), Written);
                break;
            case DocumentOperation.Delete { Id: var id, IfMatch: { } version }:
                cosmos.DeleteItem(id, If(CosmosVersion.Condition(version, now)));
                break;
            case DocumentOperation.Delete { Id: var id } when overwritesInsteadOfDeleting:
                cosmos.UpsertItemStream(new MemoryStream(CosmosItem.WriteNothing(batch, id)), Written);
                break;
            case DocumentOperation.Delete { Id: var id }:
                cosmos.DeleteItem(id, Written);
                break;
            case var other:
                throw new NotSupportedException($"{other.GetType().Name} is no operation of this store.");
        }
    }

    private MemoryStream Item(int i) => new(items[i]!);

    private static TransactionalBatchItemRequestOptions If(string etag) => new() { IfMatchEtag = etag, EnableContentResponseOnWrite = false };
}
