using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;

namespace Hexabase.Tests.Durable;

/// <summary>What an orchestration does, one step after the other.</summary>
internal sealed record Script(params IReadOnlyList<Step> Steps)
{
    public override string ToString() => string.Join(", ", Steps);
}

internal abstract record Step
{
    /// <summary>Calls activities at once and waits for all of them, whether they fail or not.</summary>
    public sealed record Activities(IReadOnlyList<string> Names, string? Input = null) : Step
    {
        public override string ToString() => $"activities {string.Join('+', Names)}";
    }

    /// <summary>Sleeps.</summary>
    public sealed record Timer(TimeSpan For) : Step;

    /// <summary>Waits for so many events of any name.</summary>
    public sealed record Events(int Count) : Step;

    /// <summary>Calls an orchestration and waits for it.</summary>
    public sealed record Child(string Id, string Name) : Step;

    /// <summary>Raises an event at another orchestration.</summary>
    public sealed record Send(string To) : Step;

    /// <summary>Begins again, as often as the input counts down to zero.</summary>
    public sealed record CountDown : Step;
}

/// <summary>
/// An app with the orchestrator Scripted, which follows a script, its child Child, which calls one activity, and the activity Echo. It
/// finds out where it stands from the history of each request, as every orchestrator does.
/// </summary>
internal sealed class ScriptedApp
{
    private static readonly Script OfChild = new(new Step.Activities(["Echo"]));

    public ScriptedApp(Script script) => App = new EngineApp(["Scripted", "Child"], ["Echo"])
    {
        Turn = (name, request, _) => Task.FromResult(EngineApp.Answer(Play(name == "Child" ? OfChild : script, request))),
    };

    public EngineApp App { get; }

    /// <summary>One turn of a script. Its output is its input.</summary>
    public static OrchestratorResponse Play(Script script, OrchestratorRequest request)
    {
        List<HistoryEvent> history = [.. request.PastEvents, .. request.NewEvents];
        var response = new OrchestratorResponse { InstanceId = request.InstanceId };
        if (history.LastOrDefault(e => e.ExecutionTerminated is not null)?.ExecutionTerminated is { } terminated)
        {
            response.Actions.Add(Completion(history.Count, OrchestrationStatus.Terminated, terminated.Input));
            return response;
        }
        if (history.LastOrDefault(e => e.ExecutionSuspended is not null || e.ExecutionResumed is not null) is { ExecutionSuspended: not null })
            return response;
        var input = history.Single(e => e.ExecutionStarted is not null).ExecutionStarted.Input;
        var confirmed = history.Select(ConfirmedBy).OfType<int>().ToHashSet();
        var ended = history.Select(EndedBy).OfType<int>().ToHashSet();
        var events = history.Count(e => e.EventRaised is not null);
        var now = request.NewEvents[0].Timestamp;
        var id = 0;
        foreach (var step in script.Steps)
        {
            if (step is Step.Events wait)
            {
                if ((events -= wait.Count) < 0)
                    return response;
                continue;
            }
            if (step is Step.CountDown && int.Parse(input!, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var n)
            {
                var again = Completion(id, OrchestrationStatus.ContinuedAsNew, $"{n - 1}");
                again.CompleteOrchestration.CarryoverEvents.Add(history.Where(e => e.EventRaised is not null).TakeLast(events));
                response.Actions.Add(again);
                return response;
            }
            List<OrchestratorAction> actions = [.. Actions(step, id, now)];
            id += actions.Count;
            response.Actions.AddRange(actions.Where(a => !confirmed.Contains(a.Id)));
            if (actions.Any(a => a.SendEvent is null && !ended.Contains(a.Id)))
                return response;
        }
        response.Actions.Add(Completion(id, OrchestrationStatus.Completed, input));
        return response;
    }

    private static IEnumerable<OrchestratorAction> Actions(Step step, int id, Timestamp now) => step switch
    {
        Step.Activities all => all.Names.Select((name, i) => new OrchestratorAction
        {
            Id = id + i,
            ScheduleTask = new ScheduleTaskAction { Name = name, Version = "", Input = all.Input },
        }),
        Step.Timer timer => [new() { Id = id, CreateTimer = new CreateTimerAction { FireAt = now + Duration.FromTimeSpan(timer.For) } }],
        Step.Child child =>
        [
            new() { Id = id, CreateSubOrchestration = new CreateSubOrchestrationAction { InstanceId = child.Id, Name = child.Name, Version = "" } },
        ],
        Step.Send send =>
        [
            new() { Id = id, SendEvent = new SendEventAction { Instance = new OrchestrationInstance { InstanceId = send.To }, Name = "sent" } },
        ],
        _ => [],
    };

    private static OrchestratorAction Completion(int id, OrchestrationStatus status, string? result) => new()
    {
        Id = id,
        CompleteOrchestration = new CompleteOrchestrationAction { OrchestrationStatus = status, Result = result },
    };

    private static int? ConfirmedBy(HistoryEvent happened) =>
        happened.TaskScheduled is not null || happened.TimerCreated is not null || happened.EventSent is not null
            || happened.SubOrchestrationInstanceCreated is not null
            ? happened.EventId
            : null;

    private static int? EndedBy(HistoryEvent happened) =>
        happened.TaskCompleted?.TaskScheduledId ?? happened.TaskFailed?.TaskScheduledId ?? happened.TimerFired?.TimerId
        ?? happened.SubOrchestrationInstanceCompleted?.TaskScheduledId ?? happened.SubOrchestrationInstanceFailed?.TaskScheduledId;
}
