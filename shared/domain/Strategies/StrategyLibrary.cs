using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Strategies;

/// <summary>
/// The strategies an account keeps. One commit in the account's partition accepts a change, together with the list, the plan's limit
/// and what rotates out; the strategy's own partition, its blob and the public list follow it, after a crash or while a store is down
/// with the account's next call.
/// </summary>
public sealed partial class StrategyLibrary(
    IDocumentStore documents, StrategyWriter writer, Plans plans, ILogger<StrategyLibrary> logger) : IDisposable
{
    private const int Attempts = 16;

    /// <summary>Its own, because it is held across blob writes, which nothing else of the account should wait for.</summary>
    private readonly KeyedLock locks = new();

    /// <summary>
    /// Decides with <paramref name="change"/> and saves. The decision is made again when another change of the same account came between.
    /// </summary>
    /// <exception cref="DependencyUnavailableException">
    /// An earlier change cannot be carried out at the moment; this one was not accepted. Once accepted, a change is a success.
    /// </exception>
    /// <param name="change">
    /// From the plan in force and the strategy as it is now (null when there is none) to the strategy as it shall be: its revision is set
    /// here; the very same object means that nothing is to change.
    /// </param>
    public async Task<Result<SavedChange>> Save(
        string accountId, string sid, Func<Plan, Strategy?, Result<Strategy>> change, CancellationToken ct)
    {
        // Changes of one account would only make each other's commit fail; other instances still meet the ETag.
        using var turn = await locks.Enter(accountId, ct);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await CarryOutPending(accountId, ct);
            if (await documents.Read<Quota>(Containers.Accounts, accountId, Quota.DocumentId, ct) is not { } quota)
                return new AccountGone();
            var shelf = await documents.Read<StrategyShelf>(Containers.Accounts, accountId, StrategyShelf.DocumentId, ct);
            var present = (await Strategy.Read(documents, sid, ct))?.Value;
            var plan = plans[quota.Value.Plan];
            if (!change(plan, present).Succeeded(out var wanted, out var refusal))
                return refusal;
            if (ReferenceEquals(wanted, present))
                return new SavedChange(present, Created: false, RotatedOut: null);

            var kept = shelf?.Value ?? StrategyShelf.Empty;
            var room = present is null ? await RoomForOneMore(accountId, kept, plan, ct) : new Room.Free();
            if (room is Room.None)
                return new StrategyLimitReached(plan.SavedStrategies);
            var rotatedOut = (room as Room.By)?.RotatedOut;
            var pending = new PendingStrategyChange(wanted with { Revision = kept.Changes + 1 }, rotatedOut?.Sid);
            if (await TryAccept(accountId, shelf, present, pending, rotatedOut, ct))
            {
                await UnlessDown(accountId, CarryOut(accountId, pending, ct));
                return new SavedChange(pending.Strategy, Created: present is null, rotatedOut);
            }
        }
        return new ChangedTooOften();
    }

    /// <summary>The account's list, newest first; also while a change it shows cannot be carried out.</summary>
    public async Task<Page<SavedStrategy>> List(string accountId, int limit, string? continuation, CancellationToken ct)
    {
        if ((await Pending(accountId, ct)).Count > 0)
        {
            using var turn = await locks.Enter(accountId, ct);
            await UnlessDown(accountId, CarryOutPending(accountId, ct));
        }
        return await documents.Query<SavedStrategy>(
            new PartitionQuery(Containers.Accounts, accountId, SavedStrategy.IdPrefix, limit, Descending: true, continuation), ct);
    }

    private async Task<Room> RoomForOneMore(string accountId, StrategyShelf kept, Plan plan, CancellationToken ct)
    {
        if (kept.Saved < plan.SavedStrategies)
            return new Room.Free();
        var unpublished = await documents.Query<SavedStrategy>(
            new PartitionQuery(Containers.Accounts, accountId, SavedStrategy.UnpublishedPrefix, Limit: 1), ct);
        return Room.ForOneMore(kept.Saved, plan.SavedStrategies, unpublished.Items.Count == 0 ? null : unpublished.Items[0].Value);
    }

    /// <summary>False when the shelf has changed since it was read.</summary>
    private async Task<bool> TryAccept(
        string accountId,
        Document<StrategyShelf>? shelf,
        Strategy? present,
        PendingStrategyChange pending,
        SavedStrategy? rotatedOut,
        CancellationToken ct)
    {
        var kept = shelf?.Value ?? StrategyShelf.Empty;
        var added = (present is null ? 1 : 0) - (rotatedOut is null ? 0 : 1);
        var next = new StrategyShelf(kept.Saved + added, kept.Changes + 1);
        var entry = SavedStrategy.Of(pending.Strategy);

        var batch = new DocumentBatch(Containers.Accounts, accountId);
        _ = shelf is null ? batch.Create(StrategyShelf.DocumentId, next) : batch.Replace(StrategyShelf.DocumentId, next, shelf.ETag);
        batch.Upsert(entry.DocumentId(), entry).Create(pending.DocumentId(), pending);
        _ = entry.Visibility == Visibility.Unpublished ? batch.Upsert(entry.UnpublishedId(), entry) : batch.Delete(entry.UnpublishedId());
        if (rotatedOut is not null)
            batch.Delete(rotatedOut.DocumentId()).Delete(rotatedOut.UnpublishedId());
        return (await documents.Commit(batch, ct)).Succeeded;
    }

    private async ValueTask<IReadOnlyList<Document<PendingStrategyChange>>> Pending(string accountId, CancellationToken ct) =>
        (await documents.Query<PendingStrategyChange>(
            new PartitionQuery(Containers.Accounts, accountId, PendingStrategyChange.IdPrefix, Limit: 100), ct)).Items;

    /// <summary>Only in the account's turn: a change carried out late would bring back what a later one deleted.</summary>
    private async Task CarryOutPending(string accountId, CancellationToken ct)
    {
        foreach (var pending in await Pending(accountId, ct))
            await CarryOut(accountId, pending.Value, ct);
    }

    /// <summary>What is accepted is recorded: while a store is down it waits for the account's next call.</summary>
    private async Task UnlessDown(string accountId, Task carryingOut)
    {
        try
        {
            await carryingOut;
        }
        catch (DependencyUnavailableException e)
        {
            LogLeftPending(logger, e, accountId);
        }
    }

    private async Task CarryOut(string accountId, PendingStrategyChange pending, CancellationToken ct)
    {
        await writer.Write(pending.Strategy, ct);
        if (pending.RotatedOut is { } sid)
            await writer.Delete(sid, ct);
        await documents.Commit(new DocumentBatch(Containers.Accounts, accountId).Delete(pending.DocumentId()), ct);
    }

    public void Dispose() => locks.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "A change of the strategies of {AccountId} is accepted and waits to be carried out")]
    private static partial void LogLeftPending(ILogger logger, Exception e, string accountId);
}

/// <summary>How a strategy was saved.</summary>
/// <param name="Created">True when there was none before.</param>
/// <param name="RotatedOut">The strategy that made room; null when none had to.</param>
public sealed record SavedChange(Strategy Strategy, bool Created, SavedStrategy? RotatedOut);

/// <summary>What rotated out of an account's list, as replies name it.</summary>
public sealed record RotatedOut(string Sid, string Name)
{
    public static RotatedOut? Of(SavedChange change) => change.RotatedOut is { } gone ? new RotatedOut(gone.Sid, gone.Name) : null;
}

/// <summary>The list is full of published strategies.</summary>
public sealed record StrategyLimitReached(int Limit) : Refusal(
    RefusalKind.Conflict, "STRATEGY_LIMIT",
    $"Your plan keeps {Limit} strategies and all of yours are published, so none can make room. Move to a larger plan to keep more.");

/// <summary>Other changes of the same account kept coming between.</summary>
public sealed record ChangedTooOften : Refusal
{
    public ChangedTooOften() : base(
        RefusalKind.Unavailable, "CONCURRENT_CHANGES", "Your strategies are being changed by many requests at once. Try again.") =>
        RetryAfter = TimeSpan.FromSeconds(1);
}
