using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Billing;

/// <summary>
/// Brings stored quotas up to the present day and usage month. Reading applies the turn by itself, so nobody waits for this; it keeps
/// what is stored true and records closed usage months. It goes by an index of the quotas that were used, in pages: one that is turned
/// leaves the index, so it can be stopped and started again anywhere and turns none twice.
/// </summary>
public sealed partial class TurnQuotasHandler(IDocumentStore documents, Plans plans, TimeProvider clock, ILogger<TurnQuotasHandler> logger)
{
    private const int PageSize = 200;

    /// <returns>How many quotas were turned.</returns>
    public async Task<int> Handle(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var turned = 0;
        string? continuation = null;
        do
        {
            var page = await documents.Query<Quota>(
                new IndexQuery(Containers.Accounts, Containers.QuotaReset, IndexedTime.Of(now), PageSize, continuation), ct);
            var outcomes = await Task.WhenAll(page.Items.Select(stored => TryTurn(stored, now, ct)));
            turned += outcomes.Count(done => done);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return turned;
    }

    /// <summary>False also when it failed: one quota keeps no other from being turned.</summary>
    private async Task<bool> TryTurn(Document<Quota> stored, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await Turn(stored, now, ct);
        }
#pragma warning disable CA1031 // It is in the log, stays in the index, and the next sweep comes to it again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotTurned(logger, e, stored.Partition);
            return false;
        }
    }

    /// <summary>False when the account was used at the same moment: that use has applied the turn itself.</summary>
    private async Task<bool> Turn(Document<Quota> stored, DateTimeOffset now, CancellationToken ct)
    {
        var (quota, closed) = stored.Value.At(plans, now);
        var batch = new DocumentBatch(Containers.Accounts, stored.Partition)
            .Replace(Quota.DocumentId, quota with { ResetDue = null }, stored.ETag);
        if (closed is not null)
            batch.Create(UsageMonth.DocumentIdOf(closed.Serial), closed);
        return (await documents.Commit(batch, ct)).Succeeded;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The quota of account {AccountId} could not be turned")]
    private static partial void LogNotTurned(ILogger logger, Exception e, string accountId);
}
