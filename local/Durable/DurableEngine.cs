using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;
using Hexabase.Local.Functions;
using Hexabase.Sqlite;

namespace Hexabase.Local.Durable;

/// <summary>
/// What the Durable extension does, on one machine: keeps the history of orchestrations, calls the app for each of their turns and for
/// activities, fires timers. A restart or a crash, of app or platform at any point, loses nothing: what was under way is done again.
/// </summary>
public sealed partial class DurableEngine : BackgroundService
{
    private const int DueAtOnce = 256;
    private const long IdleHistoryBytes = 64L * 1024 * 1024;

    private readonly ILogger logger;
    private readonly IFunctionApp app;
    private readonly TimeProvider clock;
    private readonly DurableSettings settings;
    private readonly DurableFunctions functions;
    private readonly CancellationToken platformStops;
    private readonly InstanceStore store;
    private readonly Instances instances = new(IdleHistoryBytes);
    private readonly TurnPlayer player;
    private readonly ActivityRunner runner;
    private readonly Alarm timers;

    /// <exception cref="CannotStartException">The app's bindings make no sense.</exception>
    public DurableEngine(
        SqliteDatabase database,
        IFunctionApp app,
        DurableSettings settings,
        TimeProvider clock,
        IHostApplicationLifetime lifetime,
        ILogger<DurableEngine> logger)
    {
        (this.app, this.settings, this.clock, platformStops, this.logger) = (app, settings, clock, lifetime.ApplicationStopping, logger);
        functions = new DurableFunctions(app.Functions);
        timers = new Alarm(clock);
        store = new InstanceStore(database, clock);
        player = new TurnPlayer(instances, store, functions, app, clock, SendOn, logger);
        runner = new ActivityRunner(store, functions, app, clock, instances.Post, logger);
    }

    /// <summary>Whether the app has an orchestrator of this name, in any case.</summary>
    public bool HasOrchestrator(string name) => functions.Orchestrators.ContainsKey(name);

    /// <summary>Starts an instance; false when one of this id is running. When the task completes it is stored.</summary>
    /// <param name="input">JSON; null for none.</param>
    public async Task<bool> Start(string instanceId, string name, string? input, CancellationToken ct)
    {
        if (await store.Start(instanceId, name, input, settings.ReplacesRunningInstances, ct) is not { } posting)
            return false;
        instances.Post(posting);
        return true;
    }

    /// <summary>Raises an event. When the task completes it is stored.</summary>
    /// <param name="input">JSON; null for none.</param>
    public Task<DeliveryStatus> Raise(string instanceId, string name, string? input, CancellationToken ct) =>
        Send(instanceId, new HistoryEvent { EventRaised = new EventRaisedEvent { Name = name, Input = input } }, ct);

    /// <summary>Asks an instance to end.</summary>
    /// <param name="recurse">Whether the orchestrations that it called end with it.</param>
    public Task<DeliveryStatus> Terminate(string instanceId, string? reason, bool recurse, CancellationToken ct) =>
        Send(instanceId, new HistoryEvent { ExecutionTerminated = new ExecutionTerminatedEvent { Input = reason, Recurse = recurse } }, ct);

    /// <summary>Asks an instance to do nothing until it is resumed.</summary>
    public Task<DeliveryStatus> Suspend(string instanceId, string? reason, CancellationToken ct) =>
        Send(instanceId, new HistoryEvent { ExecutionSuspended = new ExecutionSuspendedEvent { Input = reason } }, ct);

    /// <inheritdoc cref="Suspend"/>
    public Task<DeliveryStatus> Resume(string instanceId, string? reason, CancellationToken ct) =>
        Send(instanceId, new HistoryEvent { ExecutionResumed = new ExecutionResumedEvent { Input = reason } }, ct);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var backlog = await store.Recover(settings.MaxConcurrentActivityFunctions, cancellationToken);
        foreach (var activity in backlog.Activities)
            runner.Enqueue(activity);
        foreach (var instance in backlog.Instances)
            instances.Announce(instance);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Runs until the platform begins to stop. A part that fails, which is a bug, takes the others with it and the host down.
    /// </summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, platformStops);
        await app.WhenReady(ending.Token);
        await store.MarkRunning(ending.Token);
        var parts = Enumerable.Range(0, settings.MaxConcurrentOrchestratorFunctions).Select(_ => player.Play(ending.Token))
            .Concat(Enumerable.Range(0, settings.MaxConcurrentActivityFunctions).Select(_ => runner.Run(ending.Token)))
            .Append(timers.Run(FireTimers, LogStoreFailed, ending.Token))
            .ToList();
        await Task.WhenAny(parts);
        await ending.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        finally
        {
            await store.MarkStopped();
        }
    }

    private async Task<DeliveryStatus> Send(string instanceId, HistoryEvent happened, CancellationToken ct)
    {
        (happened.EventId, happened.Timestamp) = (-1, clock.GetUtcNow().ToTimestamp());
        var delivery = await store.Send(instanceId, happened, ct);
        if (delivery.Posting is { } posting)
            instances.Post(posting);
        return delivery.Status;
    }

    private void SendOn(TurnEffects effects)
    {
        foreach (var posting in effects.Postings)
            instances.Post(posting);
        foreach (var activity in effects.Activities)
            runner.Enqueue(activity);
        if (effects.HasTimers)
            timers.Ring();
    }

    /// <returns>When the next timer is due.</returns>
    private async Task<DateTimeOffset?> FireTimers(CancellationToken stopping)
    {
        var due = await store.FireDue(DueAtOnce, stopping);
        foreach (var posting in due.Postings)
            instances.Post(posting);
        return due.Next;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store does not answer, timers wait")]
    private partial void LogStoreFailed(Exception e);
}
