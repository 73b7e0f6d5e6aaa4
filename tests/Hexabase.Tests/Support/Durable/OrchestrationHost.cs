using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ActionKind = Hexabase.Durable.OrchestratorAction.OrchestratorActionTypeOneofCase;
using EventKind = Hexabase.Durable.HistoryEvent.EventTypeOneofCase;

namespace Hexabase.Tests.Support.Durable;

/// <summary>
/// Runs orchestrations in the process of a test: on the product's own replay, through the wire format, with a clock that goes only when
/// it is told to. Everything happens within the calls of its methods.
/// </summary>
/// <remarks>
/// With a seed everything that may come in any order does: turns, activities, and what has happened since the last turn. With
/// <see cref="CrashAt"/> the outcome of one turn or activity is lost, as when the process dies before it is stored; then it is done again.
/// </remarks>
internal sealed class OrchestrationHost(
    int? seed = null, IServiceProvider? services = null, JsonSerializerOptions? json = null, ILoggerFactory? loggers = null)
{
    /// <summary>More than any test needs.</summary>
    private const int MostWork = 100_000;

    private readonly Random? random = seed is { } value ? new Random(value) : null;
    private readonly IServiceProvider services = services ?? new ServiceCollection().BuildServiceProvider();
    private readonly JsonSerializerOptions json = json ?? JsonSerializerOptions.Web;
    private readonly ILoggerFactory loggers = loggers ?? NullLoggerFactory.Instance;
    private readonly HostedFunctions functions = new();
    private readonly Dictionary<string, HostedInstance> instances = new(StringComparer.Ordinal);
    private readonly List<ActivityWork> activities = [];
    private readonly PriorityQueue<TimerWork, (DateTimeOffset Due, int Order)> timers = new();
    private readonly List<ActivityCall> calls = [];
    private int ids;

    /// <summary>Moves with <see cref="Advance"/>; give it to what the activities use.</summary>
    public ManualTimeProvider Clock { get; } = new();

    /// <summary>Number, from 0, of the turn or activity whose outcome is lost; null for none.</summary>
    public int? CrashAt { get; set; }

    /// <summary>How many turns and activities have been done.</summary>
    public int Worked { get; private set; }

    /// <summary>Every run of an activity, those included whose outcome was lost.</summary>
    public IReadOnlyList<ActivityCall> Calls => calls;

    /// <summary>Ids of the sub-orchestrations that have not finished.</summary>
    public IReadOnlyList<string> RunningChildren => [.. instances.Values.Where(i => i is { IsFinished: false, Parent: not null }).Select(i => i.Id)];

    public HostedInstance this[string id] => instances[id];

    /// <summary>Schedules and manages instances as the app does. What it asks for is done at the next <see cref="Work"/>.</summary>
    public DurableTaskClient Client => new OrchestrationHostClient(this, json);

    public HostedInstance? Find(string id) => instances.GetValueOrDefault(id);

    /// <summary>Removes what has finished and was started until then; returns how many.</summary>
    public int RemoveFinished(DateTimeOffset createdTo)
    {
        var finished = instances.Values.Where(instance => instance.IsFinished && instance.CreatedAt <= createdTo).ToList();
        return finished.Count(instance => instances.Remove(instance.Id));
    }

    /// <summary>Adds an orchestrator or activity class; its dependencies come from the services, each time it is made.</summary>
    public OrchestrationHost Add<T>() where T : class
    {
        functions.Add(typeof(T), services);
        return this;
    }

    /// <summary>Adds all orchestrators and activities of an assembly.</summary>
    public OrchestrationHost AddAll(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(type => type.IsDefined(typeof(DurableTaskAttribute))))
            functions.Add(type, services);
        return this;
    }

    public OrchestrationHost AddOrchestrator<TInput, TOutput>(string name, Func<TaskOrchestrationContext, TInput, Task<TOutput>> run)
    {
        functions.Add(name, OrchestratorCodes.Of(() => new DelegateOrchestrator<TInput, TOutput>(run)));
        return this;
    }

    [OverloadResolutionPriority(1)] // What only throws could be either.
    public OrchestrationHost AddActivity<TInput, TOutput>(string name, Func<TInput, Task<TOutput>> run)
    {
        functions.Add<TInput, TOutput>(name, (_, input) => run(input));
        return this;
    }

    public OrchestrationHost AddActivity<TInput, TOutput>(string name, Func<TInput, TOutput> run) =>
        AddActivity<TInput, TOutput>(name, input => Task.FromResult(run(input)));

    /// <summary>Starts an orchestration and does what can be done before time passes.</summary>
    public async Task<HostedInstance> Start(string name, object? input = null, string? id = null)
    {
        var instance = Schedule(name, PayloadJson.Write(input, json), id);
        await Work();
        return instance;
    }

    /// <summary>Starts an orchestration and lets time pass until it ends, or nothing can happen to it any more but from outside.</summary>
    public async Task<HostedInstance> Run(string name, object? input = null, string? id = null)
    {
        var instance = await Start(name, input, id);
        while (!instance.IsFinished && await PassTime())
        {
        }
        return instance;
    }

    /// <summary>Lets time pass, from timer to timer, until the condition holds.</summary>
    /// <exception cref="InvalidOperationException">Nothing is planned any more, and it does not hold.</exception>
    public async Task AdvanceUntil(Func<bool> condition)
    {
        await Work();
        while (!condition())
        {
            if (!await PassTime())
                throw new InvalidOperationException($"It never comes to that: {string.Join("; ", instances.Values)}");
        }
    }

    /// <summary>Lets so much time pass. What falls due on the way is done at its time.</summary>
    public async Task Advance(TimeSpan by)
    {
        var end = Clock.GetUtcNow() + by;
        await Work();
        while (timers.TryPeek(out _, out var first) && first.Due <= end)
            await PassTime();
        MoveClock(end);
        await Work();
    }

    /// <summary>Raises an event and does what follows. An instance that is not running does not hear it.</summary>
    public async Task Raise(string id, string name, object? payload = null)
    {
        Post(id, new() { EventRaised = new() { Name = name, Input = PayloadJson.Write(payload, json) } });
        await Work();
    }

    public async Task Terminate(string id, string? reason = null)
    {
        Post(id, new() { ExecutionTerminated = new() { Input = reason } });
        await Work();
    }

    public async Task Suspend(string id, string? reason = null)
    {
        Post(id, new() { ExecutionSuspended = new() { Input = reason } });
        await Work();
    }

    public async Task Resume(string id, string? reason = null)
    {
        Post(id, new() { ExecutionResumed = new() { Input = reason } });
        await Work();
    }

    /// <summary>Fails an instance for good, as the Durable extension does when the app dies during one of its turns.</summary>
    public void Break(string id) =>
        Finish(instances[id], new()
        {
            OrchestrationStatus = OrchestrationStatus.Failed,
            Result = $"Function '{instances[id].Name}' failed with an unhandled exception.",
        });

    /// <summary>Does all that can be done before time passes.</summary>
    public async Task Work()
    {
        while (await WorkOnce())
        {
            if (Worked > MostWork)
                throw new InvalidOperationException($"It does not come to rest: {string.Join("; ", instances.Values)}");
        }
    }

    /// <summary>Does one turn or activity; false when there is none to do.</summary>
    public async Task<bool> WorkOnce()
    {
        FireTimers();
        var waiting = instances.Values.Where(instance => instance.News.Count > 0).ToList();
        if (waiting.Count + activities.Count == 0)
            return false;
        var chosen = random?.Next(waiting.Count + activities.Count) ?? 0;
        if (chosen < waiting.Count)
            Turn(waiting[chosen]);
        else
            await Execute(activities[chosen - waiting.Count]);
        return true;
    }

    /// <summary>Schedules an instance without doing anything of it yet.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">One of this id is running.</exception>
    public HostedInstance Schedule(string name, string? input, string? id = null, ParentInstanceInfo? parent = null)
    {
        var instance = new HostedInstance(id ?? $"instance-{ids++}", name, input, Clock.GetUtcNow(), json) { Parent = parent };
        if (instances.TryGetValue(instance.Id, out var earlier) && !earlier.IsFinished)
            throw new OrchestrationAlreadyExistsException(instance.Id);
        instances[instance.Id] = instance;
        Begin(instance);
        return instance;
    }

    /// <summary>Tells an instance of something; false when it is not running.</summary>
    public bool Post(string id, HistoryEvent happened)
    {
        if (!instances.TryGetValue(id, out var instance) || instance.IsFinished)
            return false;
        instance.News.Add(Stamp(happened));
        return true;
    }

    public bool Remove(string id) => instances.TryGetValue(id, out var instance) && instance.IsFinished && instances.Remove(id);

    private void Begin(HostedInstance instance)
    {
        instance.ExecutionId = $"execution-{ids++}";
        instance.News.Insert(0, Stamp(new()
        {
            ExecutionStarted = new()
            {
                Name = instance.Name,
                Version = "",
                Input = instance.Input,
                OrchestrationInstance = new() { InstanceId = instance.Id, ExecutionId = instance.ExecutionId },
                ParentInstance = instance.Parent,
            },
        }));
    }

    private void Turn(HostedInstance instance)
    {
        var news = Batch(instance.News);
        var request = new OrchestratorRequest
        {
            InstanceId = instance.Id,
            PastEvents = { instance.History },
            NewEvents = { Stamp(new() { OrchestratorStarted = new() }), news },
        };
        var response = ThroughTheWire(
            OrchestrationReplay.Run(ThroughTheWire(request), functions.FindOrchestrator, json, loggers));
        if (IsLost())
            return;

        instance.News.RemoveAll(news.ToHashSet(ReferenceEqualityComparer.Instance).Contains);
        instance.History.AddRange(request.NewEvents);
        instance.CustomStatus = response.CustomStatus;
        instance.LastUpdatedAt = Clock.GetUtcNow();
        instance.Status = news.LastOrDefault(e => e.EventTypeCase is EventKind.ExecutionSuspended or EventKind.ExecutionResumed) switch
        {
            { EventTypeCase: EventKind.ExecutionSuspended } => OrchestrationRuntimeStatus.Suspended,
            null when instance.Status == OrchestrationRuntimeStatus.Suspended => OrchestrationRuntimeStatus.Suspended,
            _ => OrchestrationRuntimeStatus.Running,
        };

        var end = response.Actions.Select(action => action.CompleteOrchestration).FirstOrDefault(complete => complete is not null);
        // As the reference does: an execution that gives way to the next starts no more activities and timers.
        var continues = end?.OrchestrationStatus == OrchestrationStatus.ContinuedAsNew;
        foreach (var action in response.Actions)
            Do(instance, action, continues);
        instance.History.Add(Stamp(new() { OrchestratorCompleted = new() }));
        if (continues)
            Continue(instance, end!);
        else if (end is not null)
            Finish(instance, end);
    }

    private void Do(HostedInstance instance, OrchestratorAction action, bool continues)
    {
        var confirmation = new HistoryEvent { EventId = action.Id };
        switch (action.OrchestratorActionTypeCase)
        {
            case ActionKind.ScheduleTask:
                confirmation.TaskScheduled = new() { Name = action.ScheduleTask.Name, Version = "", Input = action.ScheduleTask.Input };
                if (!continues)
                    activities.Add(new(instance.Id, instance.ExecutionId, action.Id, action.ScheduleTask.Name, action.ScheduleTask.Input));
                break;
            case ActionKind.CreateTimer:
                confirmation.TimerCreated = new() { FireAt = action.CreateTimer.FireAt };
                if (!continues)
                    timers.Enqueue(
                        new(instance.Id, instance.ExecutionId, action.Id, action.CreateTimer.FireAt),
                        (action.CreateTimer.FireAt.ToDateTimeOffset(), ids++));
                break;
            case ActionKind.CreateSubOrchestration:
                confirmation.SubOrchestrationInstanceCreated = new()
                {
                    InstanceId = action.CreateSubOrchestration.InstanceId,
                    Name = action.CreateSubOrchestration.Name,
                    Version = "",
                    Input = action.CreateSubOrchestration.Input,
                };
                StartChild(instance, action.Id, action.CreateSubOrchestration);
                break;
            case ActionKind.SendEvent:
                var (receiver, sent) = (action.SendEvent.Instance.InstanceId, action.SendEvent);
                confirmation.EventSent = new() { InstanceId = receiver, Name = sent.Name, Input = sent.Data };
                Post(receiver, new() { EventRaised = new() { Name = sent.Name, Input = sent.Data } });
                break;
            default:
                return;
        }
        instance.History.Add(Stamp(confirmation, action.Id));
    }

    private void StartChild(HostedInstance parent, int step, CreateSubOrchestrationAction child)
    {
        try
        {
            Schedule(child.Name, child.Input, child.InstanceId, new()
            {
                TaskScheduledId = step,
                Name = parent.Name,
                OrchestrationInstance = new() { InstanceId = parent.Id, ExecutionId = parent.ExecutionId },
            });
        }
        catch (OrchestrationAlreadyExistsException e)
        {
            Post(parent.Id, new()
            {
                SubOrchestrationInstanceFailed = new() { TaskScheduledId = step, FailureDetails = TaskFailures.ToWire(TaskFailures.Of(e)) },
            });
        }
    }

    private void Continue(HostedInstance instance, CompleteOrchestrationAction end)
    {
        instance.History.Clear();
        instance.Input = end.Result;
        // Outcomes of the steps of the execution before mean nothing to the next.
        instance.News.RemoveAll(e => e.EventTypeCase is not (EventKind.EventRaised or EventKind.ExecutionTerminated
            or EventKind.ExecutionSuspended or EventKind.ExecutionResumed));
        instance.News.InsertRange(0, end.CarryoverEvents);
        Begin(instance);
    }

    private void Finish(HostedInstance instance, CompleteOrchestrationAction end)
    {
        instance.Status = System.Enum.Parse<OrchestrationRuntimeStatus>(end.OrchestrationStatus.ToString());
        instance.Output = end.Result;
        instance.Failure = end.FailureDetails is null ? null : TaskFailures.FromWire(end.FailureDetails);
        instance.News.Clear();
        if (instance.Parent is not { } parent || !IsRunning(parent.OrchestrationInstance))
            return;
        Post(parent.OrchestrationInstance.InstanceId, instance.Status == OrchestrationRuntimeStatus.Completed
            ? new() { SubOrchestrationInstanceCompleted = new() { TaskScheduledId = parent.TaskScheduledId, Result = end.Result } }
            : new()
            {
                SubOrchestrationInstanceFailed = new()
                {
                    TaskScheduledId = parent.TaskScheduledId,
                    FailureDetails = end.FailureDetails
                        ?? new() { ErrorType = instance.Status.ToString(), ErrorMessage = end.Result ?? "" },
                },
            });
    }

    private async Task Execute(ActivityWork work)
    {
        calls.Add(new(work.InstanceId, work.Name, work.Input));
        var outcome = new HistoryEvent();
        if (functions.FindActivity(work.Name) is { } activity)
        {
            var answer = await activity(new(work.Name, work.InstanceId, CancellationToken.None), work.Input, json);
            outcome.TaskCompleted = new() { TaskScheduledId = work.Step, Result = JsonSerializer.Serialize(answer) };
        }
        else
        {
            outcome.TaskFailed = new()
            {
                TaskScheduledId = work.Step,
                FailureDetails = new() { ErrorType = "UnknownActivity", ErrorMessage = $"There is no activity '{work.Name}'." },
            };
        }
        if (IsLost())
            return;
        activities.Remove(work);
        if (IsRunning(new() { InstanceId = work.InstanceId, ExecutionId = work.ExecutionId }))
            Post(work.InstanceId, outcome);
    }

    private void FireTimers()
    {
        while (timers.TryPeek(out var timer, out var first) && first.Due <= Clock.GetUtcNow())
        {
            timers.Dequeue();
            if (IsRunning(new() { InstanceId = timer.InstanceId, ExecutionId = timer.ExecutionId }))
                Post(timer.InstanceId, new() { TimerFired = new() { TimerId = timer.Step, FireAt = timer.FireAt } });
        }
    }

    /// <summary>Goes on to the next timer; false when there is none.</summary>
    private async Task<bool> PassTime()
    {
        if (!timers.TryPeek(out _, out var first))
            return false;
        MoveClock(first.Due);
        await Work();
        return true;
    }

    /// <summary>Unless an activity has taken longer.</summary>
    private void MoveClock(DateTimeOffset to)
    {
        var wait = to - Clock.GetUtcNow();
        if (wait > TimeSpan.Zero)
            Clock.Advance(wait);
    }

    private bool IsRunning(OrchestrationInstance execution) =>
        instances.TryGetValue(execution.InstanceId, out var instance)
        && !instance.IsFinished
        && instance.ExecutionId == execution.ExecutionId;

    private bool IsLost() => Worked++ == CrashAt;

    /// <summary>
    /// What a turn is told of the news: with a seed some of it in any order, but first the start, and orders from outside as they came.
    /// </summary>
    private List<HistoryEvent> Batch(List<HistoryEvent> news)
    {
        var hasOrders = news.Exists(
            e => e.EventTypeCase is EventKind.ExecutionTerminated or EventKind.ExecutionSuspended or EventKind.ExecutionResumed);
        if (random is null || hasOrders)
            return [.. news];
        var shuffled = news.OrderBy(e => e.EventTypeCase == EventKind.ExecutionStarted ? 0 : 1).ThenBy(_ => random.Next()).ToList();
        return shuffled.GetRange(0, random.Next(1, shuffled.Count + 1));
    }

    private HistoryEvent Stamp(HistoryEvent happened, int id = -1)
    {
        happened.EventId = id;
        happened.Timestamp = Timestamp.FromDateTimeOffset(Clock.GetUtcNow());
        return happened;
    }

    private static T ThroughTheWire<T>(T message) where T : class, IMessage<T>, new() =>
        new MessageParser<T>(() => new()).ParseFrom(message.ToByteArray());

    private sealed record ActivityWork(string InstanceId, string ExecutionId, int Step, string Name, string? Input);

    private sealed record TimerWork(string InstanceId, string ExecutionId, int Step, Timestamp FireAt);
}

/// <summary>One run of an activity.</summary>
/// <param name="Input">JSON text; null for none.</param>
internal sealed record ActivityCall(string InstanceId, string Name, string? Input);
