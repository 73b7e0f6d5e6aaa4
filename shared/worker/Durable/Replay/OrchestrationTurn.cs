using System.Text.Json;
using Hexabase.Durable;
using Microsoft.Extensions.Logging;
using ActionKind = Hexabase.Durable.OrchestratorAction.OrchestratorActionTypeOneofCase;
using EventKind = Hexabase.Durable.HistoryEvent.EventTypeOneofCase;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>One turn of an orchestration: its code is run over the events of the past, then over the new ones.</summary>
internal sealed class OrchestrationTurn
{
    private readonly OrchestratorRequest request;
    private readonly Func<string, OrchestratorCode?> find;
    private readonly JsonSerializerOptions json;
    private readonly ILogger logger;
    private readonly OrchestrationThread thread;
    private readonly OrchestrationSteps steps = new();
    private readonly ExternalEvents events = new();
    private readonly ReplayContext context;
    private readonly Queue<HistoryEvent> heldBack = new();
    private Task<string?>? running;
    private CompleteOrchestrationAction? completion;
    private bool isSuspended;

    public OrchestrationTurn(
        OrchestratorRequest request, Func<string, OrchestratorCode?> find, JsonSerializerOptions json, ILoggerFactory loggers)
    {
        this.request = request;
        this.find = find;
        this.json = json;
        logger = loggers.CreateLogger(typeof(OrchestrationReplay));
        thread = new(request.InstanceId, logger);
        context = new(request.InstanceId, thread, steps, events, json, loggers);
    }

    public OrchestratorResponse Play()
    {
        try
        {
            Play(request.PastEvents, isReplaying: true);
            Play(request.NewEvents, isReplaying: false);
            if (running is null && completion is null)
                throw new InvalidOperationException("The history has no start of an execution.");
        }
#pragma warning disable CA1031 // A turn without an answer fails the instance for good, and does not say why.
        catch (Exception e) when (e is not OutOfMemoryException) // The machine's trouble, whose turn can be played again.
#pragma warning restore CA1031
        {
            // What was asked for on the way may be what should not have been: only the failure is answered.
            steps.Clear();
            completion = Failed(e);
        }
        thread.End();
        return Answer();
    }

    private void Play(IEnumerable<HistoryEvent> history, bool isReplaying)
    {
        context.IsPast = isReplaying;
        foreach (var happened in history)
        {
            // Time goes on while suspended, as what was held back happens when it is resumed.
            if (happened.EventTypeCase == EventKind.OrchestratorStarted)
                context.Now = happened.Timestamp.ToDateTime();
            else if (isSuspended && !IsOrder(happened.EventTypeCase))
                heldBack.Enqueue(happened);
            else
                Apply(happened);
        }
    }

    private static bool IsOrder(EventKind kind) =>
        kind is EventKind.ExecutionSuspended or EventKind.ExecutionResumed or EventKind.ExecutionTerminated;

    private void Apply(HistoryEvent happened)
    {
        switch (happened.EventTypeCase)
        {
            case EventKind.ExecutionStarted when running is null:
                Start(happened.ExecutionStarted);
                break;
            case EventKind.TaskScheduled:
                steps.Confirm(happened.EventId, ActionKind.ScheduleTask, happened.TaskScheduled.Name);
                break;
            case EventKind.SubOrchestrationInstanceCreated:
                steps.Confirm(happened.EventId, ActionKind.CreateSubOrchestration, happened.SubOrchestrationInstanceCreated.Name);
                break;
            case EventKind.TimerCreated:
                steps.Confirm(happened.EventId, ActionKind.CreateTimer);
                break;
            case EventKind.EventSent:
                steps.Confirm(happened.EventId, ActionKind.SendEvent, happened.EventSent.Name);
                break;
            case EventKind.TaskCompleted:
                End(happened.TaskCompleted.TaskScheduledId, ActivityAnswer.Read(happened.TaskCompleted.Result));
                break;
            case EventKind.TaskFailed:
                End(happened.TaskFailed.TaskScheduledId, new(null, TaskFailures.FromWire(happened.TaskFailed.FailureDetails)));
                break;
            case EventKind.SubOrchestrationInstanceCompleted:
                End(
                    happened.SubOrchestrationInstanceCompleted.TaskScheduledId,
                    new(happened.SubOrchestrationInstanceCompleted.Result));
                break;
            case EventKind.SubOrchestrationInstanceFailed:
                End(
                    happened.SubOrchestrationInstanceFailed.TaskScheduledId,
                    new(null, TaskFailures.FromWire(happened.SubOrchestrationInstanceFailed.FailureDetails)));
                break;
            case EventKind.TimerFired:
                End(happened.TimerFired.TimerId, default);
                break;
            case EventKind.EventRaised:
                events.Raise(happened);
                Settle();
                break;
            case EventKind.ExecutionTerminated:
                Terminate(happened.ExecutionTerminated.Input);
                break;
            case EventKind.ExecutionSuspended:
                isSuspended = true;
                break;
            case EventKind.ExecutionResumed:
                Resume();
                break;
        }
    }

    private void Start(ExecutionStartedEvent started)
    {
        context.Started = started;
        var code = find(started.Name) ?? throw new InvalidOperationException($"The app has no orchestration '{started.Name}'.");
        running = code(context, started.Input, json);
        Settle();
    }

    private void End(int step, StepOutcome outcome)
    {
        if (completion is not null)
            return;
        steps.End(step, outcome);
        Settle();
    }

    /// <summary>Sees, after the code has run on, how far it came.</summary>
    private void Settle()
    {
        if (running is null || completion is not null)
            return;
        if (thread.WasLeft)
            throw new ForeignAwaitException();
        if (running.IsCompleted)
            Complete(running);
        else if (!steps.AnyOpen && !events.IsAwaited)
            throw new ForeignAwaitException();
    }

    /// <summary>The code has ended. The reference engine holds that back while steps are open; nobody can tell what for.</summary>
    private void Complete(Task<string?> ended)
    {
        try
        {
            var output = ended.GetAwaiter().GetResult();
            completion = context.Next is { } next
                ? new() { OrchestrationStatus = OrchestrationStatus.ContinuedAsNew, Result = next.Input }
                : new() { OrchestrationStatus = OrchestrationStatus.Completed, Result = output };
        }
#pragma warning disable CA1031 // Whatever the code throws is its failure.
        catch (Exception e)
#pragma warning restore CA1031
        {
            completion = Failed(e);
        }
        events.Close(keepUnread: context.Next is not { KeepUnread: false });
    }

    /// <summary>Termination comes too late for an orchestration that has ended, but not for one that begins again.</summary>
    private void Terminate(string? reason)
    {
        isSuspended = false;
        if (completion is null or { OrchestrationStatus: OrchestrationStatus.ContinuedAsNew })
            completion = new() { OrchestrationStatus = OrchestrationStatus.Terminated, Result = reason };
    }

    private void Resume()
    {
        isSuspended = false;
        while (heldBack.TryDequeue(out var happened))
            Apply(happened);
    }

    private CompleteOrchestrationAction Failed(Exception exception)
    {
        logger.Failed(request.InstanceId, exception);
        var details = TaskFailures.Of(exception);
        return new()
        {
            OrchestrationStatus = OrchestrationStatus.Failed,
            Result = details.ErrorMessage,
            FailureDetails = TaskFailures.ToWire(details),
        };
    }

    private OrchestratorResponse Answer()
    {
        var answer = new OrchestratorResponse { InstanceId = request.InstanceId, CustomStatus = context.CustomStatus };
        if (isSuspended)
            return answer;
        answer.Actions.AddRange(steps.Unconfirmed);
        if (completion is null)
            return answer;
        if (completion.OrchestrationStatus == OrchestrationStatus.ContinuedAsNew)
            completion.CarryoverEvents.AddRange(events.Unread);
        answer.Actions.Add(new OrchestratorAction { Id = steps.NextId, CompleteOrchestration = completion });
        return answer;
    }
}
