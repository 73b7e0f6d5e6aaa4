using Hexabase.Domain.Documents;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Runs;

/// <summary>Sends outbox entries that the ordinary way has left behind: after a crash, or while the queue was down.</summary>
public sealed partial class SweepOutboxHandler(IDocumentStore documents, OutboxSender sender, TimeProvider clock, ILogger<SweepOutboxHandler> logger)
{
    private const int PageSize = 100;

    /// <returns>How many entries were sent.</returns>
    public async Task<int> Handle(CancellationToken ct)
    {
        var sent = 0;
        while (true)
        {
            var page = await documents.Query<OutboxEntry>(
                new IndexQuery(Containers.Accounts, Containers.OutboxDue, IndexedTime.Of(clock.GetUtcNow()), PageSize), ct);
            if (page.Items.Count == 0)
                break;
            await sender.Send([.. page.Items.Select(entry => (entry.Partition, entry.Value))], ct);
            sent += page.Items.Count;
        }
        if (sent > 0)
            LogSwept(logger, sent);
        return sent;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The sweep sent {Count} outbox entries")]
    private static partial void LogSwept(ILogger logger, int count);
}

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
        var looked = 0;
        while (true)
        {
            var now = clock.GetUtcNow();
            var page = await documents.Query<Run>(
                new IndexQuery(Containers.Accounts, Containers.RunWatch, IndexedTime.Of(now), PageSize), ct);
            if (page.Items.Count == 0)
                break;
            foreach (var stuck in page.Items)
                await Look(stuck, now, ct);
            looked += page.Items.Count;
        }
        if (looked > 0)
            LogLooked(logger, looked);
        return looked;
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
}
