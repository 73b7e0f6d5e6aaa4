using System.Diagnostics.CodeAnalysis;
using Hexabase.Local.Functions;
using Hexabase.Sqlite;

namespace Hexabase.Local.ServiceBus;

/// <summary>
/// The local Service Bus: the queues of the app, kept in SQLite, and their delivery to its functions, at least once. One process may
/// hold the file at a time: it alone gives out locks, so after a crash the next one frees them all at once instead of waiting for them
/// to expire. Deliveries are counted durably before the function is called.
/// </summary>
public sealed partial class ServiceBusBroker : BackgroundService
{
    /// <summary>Most scheduled messages made visible by one write.</summary>
    private const int DueAtOnce = 256;

    private readonly ILogger logger;
    private readonly Dictionary<string, Dispatcher> dispatchers;
    private readonly QueueStore store;
    private readonly CancellationToken platformStops;
    private readonly Alarm due;

    /// <exception cref="CannotStartException">The app's bindings make no sense.</exception>
    public ServiceBusBroker(
        SqliteDatabase database,
        IFunctionApp app,
        ServiceBusSettings settings,
        TimeProvider clock,
        IHostApplicationLifetime lifetime,
        ILogger<ServiceBusBroker> logger)
    {
        (platformStops, this.logger) = (lifetime.ApplicationStopping, logger);
        due = new Alarm(clock);
        store = new QueueStore(database, clock);
        DeadLetters = new DeadLetterStore(database, clock);
        dispatchers = BusQueue.Of(app.Functions, settings)
            .ToDictionary(q => q.Name, q => new Dispatcher(q, store, app, clock, logger), StringComparer.OrdinalIgnoreCase);
    }

    public IEnumerable<BusQueue> Queues => dispatchers.Values.Select(d => d.Queue);

    public DeadLetterStore DeadLetters { get; }

    public QueueCounts Count(BusQueue queue) => store.Count(queue.Name);

    /// <summary>Finds a queue by its name in any case.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out BusQueue? queue)
    {
        queue = dispatchers.GetValueOrDefault(name)?.Queue;
        return queue is not null;
    }

    /// <summary>Takes in messages, all or none; when the task completes they are durable.</summary>
    public async Task Send(BusQueue queue, IReadOnlyList<IncomingMessage> messages, CancellationToken ct)
    {
        await dispatchers[queue.Name].Send(messages, ct);
        if (messages.Any(m => m.DueAt is not null || m.TimeToLive is not null))
            due.Ring();
    }

    /// <summary>Puts a dead letter back as a new message. Null when there is none.</summary>
    /// <returns>The sequence number of the new message.</returns>
    public async Task<long?> Resubmit(BusQueue queue, long sequence, CancellationToken ct)
    {
        if (await DeadLetters.Resubmit(queue.Name, sequence, ct) is not { } resubmitted)
            return null;
        dispatchers[queue.Name].Announce(resubmitted.Session);
        due.Ring();
        return resubmitted.Sequence;
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var dispatcher in dispatchers.Values)
        {
            foreach (var session in await store.Recover(dispatcher.Queue, cancellationToken))
                dispatcher.Announce(session);
        }
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Runs until the platform begins to stop. A part that fails, which is a bug, takes the others with it and the host down.
    /// </summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, platformStops);
        var parts = dispatchers.Values.SelectMany(d => d.Start(ending.Token))
            .Append(due.Run(MakeDueVisible, LogStoreFailed, ending.Token))
            .ToList();
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        await Task.WhenAll(parts);
    }

    /// <returns>When the next scheduled message is due.</returns>
    private async Task<DateTimeOffset?> MakeDueVisible(CancellationToken stopping)
    {
        var activated = await store.ActivateDue(DueAtOnce, stopping);
        foreach (var (queue, session) in activated.Sessions)
            dispatchers.GetValueOrDefault(queue)?.Announce(session);
        return activated.Next;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store does not answer, scheduled messages wait")]
    private partial void LogStoreFailed(Exception e);
}
