using System.Text.Json;
using System.Threading.Channels;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Messaging;
using Hexabase.Domain.Operations;
using Microsoft.Extensions.Logging;

namespace Hexabase.Domain.Jobs;

/// <summary>
/// Sends outbox entries to queue <c>runs</c>, many in one call, and deletes what the queue has confirmed. A crash in between
/// leaves the entry for <see cref="ResendOutboxHandler"/>, and the message id makes the second sending harmless.
/// </summary>
public sealed partial class OutboxSender(
    IMessageSender sender, IDocumentStore documents, TimeProvider clock, ILogger<OutboxSender> logger) : IOutbox
{
    public const string Queue = "runs";

    private const int MostPerSend = 100;

    private readonly Channel<(string AccountId, OutboxEntry Entry)> offered =
        Channel.CreateBounded<(string, OutboxEntry)>(
            new BoundedChannelOptions(20_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    public void Offer(string accountId, OutboxEntry entry) => offered.Writer.TryWrite((accountId, entry));

    /// <summary>Takes nothing more; what was offered is still sent, and then <see cref="Run"/> ends.</summary>
    public void Close() => offered.Writer.TryComplete();

    /// <summary>Sends what is offered until closed or cancelled. One sending at a time, so that a busy moment makes larger batches.</summary>
    public async Task Run(CancellationToken ct)
    {
        var batch = new List<(string AccountId, OutboxEntry Entry)>(MostPerSend);
        while (await offered.Reader.WaitToReadAsync(ct))
        {
            while (batch.Count < MostPerSend && offered.Reader.TryRead(out var next))
                batch.Add(next);
            try
            {
                await Send(batch, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogNotSent(logger, e, batch.Count);
            }
            batch.Clear();
        }
    }

    /// <summary>Sends entries and deletes them once the queue has them.</summary>
    /// <exception cref="MessagingException">The queue did not take them; they stay.</exception>
    public async Task Send(IReadOnlyList<(string AccountId, OutboxEntry Entry)> entries, CancellationToken ct)
    {
        await sender.Send(Queue, [.. entries.Select(e => ToMessage(e.Entry))], ct);
        var now = clock.GetUtcNow();
        await Task.WhenAll(entries.Select(e => Delete(e.AccountId, e.Entry, now, ct)));
    }

    /// <summary>Deletes one entry, and counts it if nobody has: one that stays is sent once more, and counts then.</summary>
    private async Task Delete(string accountId, OutboxEntry entry, DateTimeOffset now, CancellationToken ct)
    {
        var batch = new DocumentBatch(Containers.Accounts, accountId);
        if (now - entry.AcceptedAt > Objective.Enqueue.Within)
        {
            // Late: the resender may have counted it meanwhile. One in time it has not met, and that is spared the read.
            var stored = await documents.Read<OutboxEntry>(Containers.Accounts, accountId, entry.DocumentId, ct);
            if (stored is null || !(await documents.Commit(batch.Delete(entry.DocumentId, stored.ETag), ct)).Succeeded)
                return;
            entry = stored.Value;
        }
        else
            await documents.Commit(batch.Delete(entry.DocumentId), ct);
        if (entry.AcceptedAt is { } accepted)
            Objective.Enqueue.Measure(now - accepted);
    }

    private static OutgoingMessage ToMessage(OutboxEntry entry) => new(
        entry.MessageId,
        entry.SessionId,
        JsonSerializer.SerializeToUtf8Bytes(
            new JobMessage(entry.RunId, entry.CorrelationId, entry.TraceParent, entry.SweepId), DomainJson.Options),
        entry.CorrelationId,
        Subject: "run",
        ScheduledEnqueueTime: entry.ScheduledFor,
        TraceParent: entry.TraceParent);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} outbox entries were not sent now and stay for later")]
    private static partial void LogNotSent(ILogger logger, Exception e, int count);
}
