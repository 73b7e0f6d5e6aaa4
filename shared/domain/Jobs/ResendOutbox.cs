using System.Runtime.ExceptionServices;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Messaging;
using Hexabase.Domain.Operations;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Jobs;

/// <summary>Sends outbox entries that the ordinary way has left behind: after a crash, or while the queue was down.</summary>
public sealed partial class ResendOutboxHandler(
    IDocumentStore documents, OutboxSender sender, TimeProvider clock, ILogger<ResendOutboxHandler> logger)
{
    private const int PageSize = 100;

    /// <returns>How many entries were sent.</returns>
    /// <exception cref="MessagingException">The queue takes nothing; what was not sent stays.</exception>
    public async Task<int> Handle(CancellationToken ct)
    {
        var due = IndexedTime.Of(clock.GetUtcNow());
        var sent = 0;
        string? continuation = null;
        MessagingException? down = null;
        do
        {
            var page = await documents.Query<OutboxEntry>(
                new IndexQuery(Containers.Accounts, Containers.OutboxDue, due, PageSize, continuation), ct);
            var entries = new List<(string AccountId, OutboxEntry Entry)>(page.Items.Count);
            foreach (var entry in page.Items)
                if (await CountedAsLate(entry, ct) is { } counted)
                    entries.Add((entry.Partition, counted));
            try
            {
                if (down is null && entries.Count > 0)
                    sent += await Send(entries, ct);
            }
            catch (MessagingException e)
            {
                down = e; // The other pages are late all the same, and are counted.
            }
            continuation = page.Continuation;
        }
        while (continuation is not null);
        if (sent > 0)
            LogSent(logger, sent);
        if (down is not null)
            ExceptionDispatchInfo.Throw(down);
        return sent;
    }

    /// <summary>
    /// Counts a job that is met here for the first time as late, also while the queue is down; the condition makes that once. Null when
    /// somebody else changed or deleted the entry.
    /// </summary>
    private async Task<OutboxEntry?> CountedAsLate(Document<OutboxEntry> entry, CancellationToken ct)
    {
        if (entry.Value.AcceptedAt is not { } accepted)
            return entry.Value;
        var counted = entry.Value with { AcceptedAt = null };
        var batch = new DocumentBatch(Containers.Accounts, entry.Partition).Replace(entry.Id, counted, entry.ETag);
        if (!(await documents.Commit(batch, ct)).Succeeded)
            return null;
        Objective.Enqueue.Measure(clock.GetUtcNow() - accepted, isGood: false);
        return counted;
    }

    /// <summary>All together; one by one when the queue takes one of them never.</summary>
    private async Task<int> Send(List<(string AccountId, OutboxEntry Entry)> entries, CancellationToken ct)
    {
        try
        {
            await sender.Send(entries, ct);
            return entries.Count;
        }
        catch (MessagingException e) when (e.IsRejection)
        {
            if (entries.Count == 1)
            {
                LogRefused(logger, e, entries[0].Entry.MessageId);
                return 0;
            }
        }
        var sent = 0;
        foreach (var entry in entries)
            sent += await Send([entry], ct);
        return sent;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} outbox entries were left behind and sent")]
    private static partial void LogSent(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The queue refuses outbox entry {MessageId}")]
    private static partial void LogRefused(ILogger logger, Exception e, string messageId);
}
