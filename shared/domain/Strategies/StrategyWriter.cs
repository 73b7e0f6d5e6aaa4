using Hexabase.Backtesting.Json;
using Hexabase.Domain.Blobs;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Strategies;

/// <summary>
/// Brings what is stored of a strategy outside its owner's account to a wanted state: its partition, its blob, the public list. Each
/// step may be repeated, and a state that is older than the stored one changes nothing.
/// </summary>
public sealed class StrategyWriter(IDocumentStore documents, IBlobStore blobs)
{
    /// <summary>Writes the strategy, its version, its blob, and its place in the public list.</summary>
    public async Task Write(Strategy strategy, CancellationToken ct)
    {
        if (!await WriteDocuments(strategy, ct))
            return;
        for (var latest = strategy; latest is not null; latest = await Later(latest, ct))
        {
            await blobs.Put(Strategy.BlobPath(latest.Sid), CanonicalJson.GetBytes(latest.Code), "application/json", ct);
            await WriteListing(latest, ct);
        }
    }

    /// <summary>Deletes the strategy with all its versions. Its blob stays: runs that wait in a queue still find their code.</summary>
    public async Task Delete(string sid, CancellationToken ct)
    {
        Page<object> page;
        do
        {
            page = await documents.Query<object>(new PartitionQuery(Containers.Strategies, sid, IdPrefix: "", Limit: 100), ct);
            var batch = new DocumentBatch(Containers.Strategies, sid);
            foreach (var document in page.Items)
                batch.Delete(document.Id);
            if (page.Items.Count > 0)
                await documents.Commit(batch, ct);
        }
        while (page.Continuation is not null);
    }

    /// <summary>
    /// The stored state, when it is later than <paramref name="written"/>: another writer came in between and may have written blob and
    /// list before this one did, which must not put an older state over them. One that was deleted meanwhile leaves the list.
    /// </summary>
    private async Task<Strategy?> Later(Strategy written, CancellationToken ct)
    {
        if (await Strategy.Read(documents, written.Sid, ct) is { } stored)
            return stored.Value.Revision > written.Revision ? stored.Value : null;
        await WriteListing(written with { Visibility = Visibility.Unpublished }, ct);
        return null;
    }

    /// <summary>False when a later state is stored.</summary>
    private async Task<bool> WriteDocuments(Strategy strategy, CancellationToken ct)
    {
        while (true)
        {
            var stored = await Strategy.Read(documents, strategy.Sid, ct);
            if (stored is not null && stored.Value.Revision >= strategy.Revision)
                return stored.Value.Revision == strategy.Revision;
            var batch = new DocumentBatch(Containers.Strategies, strategy.Sid);
            _ = stored is null
                ? batch.Create(Strategy.DocumentId, strategy)
                : batch.Replace(Strategy.DocumentId, strategy, stored.ETag);
            var version = new StrategyVersion(strategy.Version, strategy.CodeHash, strategy.DatasetHash, strategy.Code, strategy.UpdatedAt);
            if (stored?.Value.Version != strategy.Version)
                batch.Upsert(StrategyVersion.DocumentId(strategy.Version), version);
            if ((await documents.Commit(batch, ct)).Succeeded)
                return true;
        }
    }

    private async Task WriteListing(Strategy strategy, CancellationToken ct)
    {
        if (strategy.PublishedAt is not { } publishedAt)
            return;
        var id = PublicStrategy.DocumentId(strategy.Sid, publishedAt);
        var batch = new DocumentBatch(Containers.Listings, PublicStrategy.List);
        _ = strategy.Visibility == Visibility.Public
            ? batch.Upsert(id, PublicStrategy.Of(strategy, publishedAt))
            : batch.Delete(id);
        await documents.Commit(batch, ct);
    }
}
