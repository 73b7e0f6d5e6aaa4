using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Runs;

/// <summary>
/// Sends unfinished runs that nobody has heard of for long to the queue once more: their message was dead-lettered or lost. A run that
/// is only waiting is not harmed: whichever message comes second finds it finished.
/// </summary>
public sealed partial class SweepStuckRunsHandler(
    IDocumentStore documents, RunEnding ending, RunSlots slots, IOutbox outbox, TimeProvider clock, ILogger<SweepStuckRunsHandler> logger)
{
    private const int PageSize = 100;

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    /// <returns>How many runs were looked at.</returns>
    public async Task<int> Handle(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var looked = 0;
        string? continuation = null;
        do
        {
            var page = await documents.Query<Run>(
                new IndexQuery(Containers.Accounts, Containers.RunWatch, IndexedTime.Of(now), PageSize, continuation), ct);
            foreach (var stuck in page.Items)
                await TryLook(stuck, now, ct);
            looked += page.Items.Count;
            continuation = page.Continuation;
        }
        while (continuation is not null);
        if (looked > 0)
            LogLooked(logger, looked);
        return looked;
    }

    private async Task TryLook(Document<Run> stuck, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            await Look(stuck, now, ct);
        }
#pragma warning disable CA1031 // It is in the log, the run stays overdue, and one run keeps no other from being looked at.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotLooked(logger, e, stuck.Value.RunId);
        }
    }

    private async Task Look(Document<Run> stuck, DateTimeOffset now, CancellationToken ct)
    {
        var run = stuck.Value;
        if (!RunId.TryParse(run.RunId, out var id))
            throw new InvalidOperationException($"Document {stuck.Id} holds no run.");
        if (now - run.CreatedAt > GiveUpAfter)
        {
            await ending.FailAndRefund(id, "TIMED_OUT", "The run was not executed within a day.", ct);
            return;
        }
        var next = RunWatch.Next(run.CreatedAt, now);
        var entry = OutboxEntry.For(run, slots.SessionFor(run.Queue, id.Account), $"{run.RunId}:watch-{now.ToUnixTimeSeconds()}", now);
        var batch = new DocumentBatch(Containers.Accounts, id.Account)
            .Replace(stuck.Id, run with { WatchUntil = next }, stuck.ETag)
            .Create(entry.DocumentId, entry);
        if ((await documents.Commit(batch, ct)).Succeeded)
            outbox.Offer(id.Account, entry);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} unfinished runs were overdue")]
    private static partial void LogLooked(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Overdue run {RunId} could not be seen to")]
    private static partial void LogNotLooked(ILogger logger, Exception e, string runId);
}
