using System.Threading.Channels;
using Hexabase.Local.Functions;

namespace Hexabase.Local.ServiceBus;

/// <summary>
/// Delivers the messages of one queue: as many receivers as the queue allows, each staying on a session while it has messages, one
/// invocation at a time. A receiver holds what it delivers for as long as its function runs, and takes nothing while the app is not
/// there to be called: waiting for it is no delivery.
/// </summary>
public sealed partial class Dispatcher(BusQueue queue, QueueStore store, IFunctionApp app, TimeProvider clock, ILogger logger)
{
    private readonly Sessions sessions = new(queue.Receivers, receiversPerSession: queue.HasSessions ? 1 : queue.Receivers);
    private readonly Channel<Work> work = Channel.CreateUnbounded<Work>();

    public BusQueue Queue => queue;

    /// <summary>Stores messages, all or none; when the task completes they are durable. Delivery begins at once.</summary>
    public async Task Send(IReadOnlyList<IncomingMessage> messages, CancellationToken ct)
    {
        var targets = messages.Select(m => queue.SessionOf(m.Properties)).Distinct(StringComparer.Ordinal).ToList();
        var reserved = app.IsReady ? targets.Where(sessions.TryReserve).ToHashSet(StringComparer.Ordinal) : [];
        IReadOnlyDictionary<string, List<BusMessage>> handedOver = new Dictionary<string, List<BusMessage>>(StringComparer.Ordinal);
        try
        {
            handedOver = await store.Append(queue, messages, reserved, ct);
        }
        finally
        {
            foreach (var session in reserved)
                work.Writer.TryWrite(new Work(session, handedOver.GetValueOrDefault(session) ?? []));
        }
        foreach (var session in targets.Where(s => !reserved.Contains(s)))
            Announce(session);
    }

    /// <summary>Says that a session has messages waiting in the store.</summary>
    public void Announce(string session)
    {
        if (sessions.Announce(session))
            work.Writer.TryWrite(new Work(session, []));
    }

    /// <summary>
    /// Starts the receivers, which deliver until they are stopped. What is being delivered then stays locked; a restart frees it.
    /// </summary>
    public IEnumerable<Task> Start(CancellationToken stopping) => Enumerable.Range(0, queue.Receivers).Select(_ => Receive(stopping));

    private async Task Receive(CancellationToken stopping)
    {
        var envelope = new MessageEnvelope(queue);
        await foreach (var (session, handedOver) in work.Reader.ReadAllAsync(stopping))
        {
            IReadOnlyList<BusMessage> batch = handedOver;
            do
            {
                if (batch.Count == 0)
                    batch = await SettleAndLock(session, previous: null, stopping);
                while (batch.Count > 0)
                {
                    // A full batch of a shared session may have left something for another receiver.
                    if (!queue.HasSessions && batch.Count == queue.BatchSize)
                        Announce(session);
                    var error = await Deliver(envelope, batch, stopping);
                    batch = await SettleAndLock(session, new Settlement(batch, error), stopping);
                }
            }
            while (!sessions.TryRelease(session));
        }
    }

    private async Task<string?> Deliver(MessageEnvelope envelope, IReadOnlyList<BusMessage> batch, CancellationToken stopping)
    {
        var lockedUntil = clock.GetUtcNow() + queue.Settings.LockDuration;
        var result = await app.Invoke(
            queue.Function,
            data => envelope.WriteData(data, batch),
            metadata => envelope.WriteMetadata(metadata, batch, lockedUntil),
            stopping);
        if (result.Error is { } error)
        {
            var first = batch[0];
            LogAbandoned(queue.Name, first.Properties.SessionId, batch.Count, first.Properties.MessageId!, first.DeliveryCount, error);
            foreach (var last in batch.Where(m => m.DeliveryCount >= queue.Settings.MaxDeliveryCount))
                LogDeadLettered(queue.Name, last.Properties.MessageId!, last.DeliveryCount);
        }
        return result.Error;
    }

    /// <summary>
    /// A delivery that has ended is settled in any case, while stopping too; nobody else may have its messages, so a store that does
    /// not answer is waited for.
    /// </summary>
    private Task<IReadOnlyList<BusMessage>> SettleAndLock(string session, Settlement? previous, CancellationToken stopping) => app.IsReady
        ? SettleAndLock(session, previous, stopping.IsCancellationRequested ? 0 : queue.BatchSize, stopping)
        : SettleAndLockWhenReady(session, previous, stopping);

    private async Task<IReadOnlyList<BusMessage>> SettleAndLockWhenReady(string session, Settlement? previous, CancellationToken stopping)
    {
        if (previous is not null)
            await SettleAndLock(session, previous, most: 0, stopping);
        await app.WhenReady(stopping);
        return await SettleAndLock(session, previous: null, queue.BatchSize, stopping);
    }

    private Task<IReadOnlyList<BusMessage>> SettleAndLock(string session, Settlement? previous, int most, CancellationToken stopping) =>
        StoreRetry.UntilItAnswers(
            () =>
            {
                sessions.Look(session);
                return store.SettleAndLock(queue, session, previous, most);
            },
            e => LogStoreFailed(e, queue.Name),
            clock,
            stopping);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Queue}: session {Session}: {Count} messages from {MessageId} on abandoned after delivery {Delivery}: {Error}")]
    private partial void LogAbandoned(string queue, string? session, int count, string messageId, int delivery, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Queue}: message {MessageId} dead-lettered after {Deliveries} deliveries")]
    private partial void LogDeadLettered(string queue, string messageId, int deliveries);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Queue}: the store does not answer, trying again")]
    private partial void LogStoreFailed(Exception e, string queue);

    /// <summary>A claimed session for the next idle receiver, and what is already locked for it.</summary>
    private readonly record struct Work(string Session, IReadOnlyList<BusMessage> HandedOver);
}
