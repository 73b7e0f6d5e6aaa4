using Hexabase.Domain.Documents;
using Hexabase.Domain.Messaging;
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
        do
        {
            var page = await documents.Query<OutboxEntry>(
                new IndexQuery(Containers.Accounts, Containers.OutboxDue, due, PageSize, continuation), ct);
            if (page.Items.Count > 0)
                sent += await Send([.. page.Items.Select(entry => (entry.Partition, entry.Value))], ct);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        if (sent > 0)
            LogSent(logger, sent);
        return sent;
    }

    /// <summary>All together; one by one when the queue takes one of them never.</summary>
    private async Task<int> Send(IReadOnlyList<(string AccountId, OutboxEntry Entry)> entries, CancellationToken ct)
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
