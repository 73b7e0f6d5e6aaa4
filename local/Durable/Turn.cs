using Google.Protobuf.WellKnownTypes;
using Hexabase.Durable;

namespace Hexabase.Local.Durable;

/// <summary>What one turn of an orchestration comes to. Pure: the rules of the Durable extension, no clock and no store.</summary>
/// <param name="Events">What the turn began with and what it added, in the order of the history.</param>
/// <param name="Status">Of the instance from now on; ContinuedAsNew means that another execution follows.</param>
/// <param name="Output">Of a finished instance: its result, or the message of its failure or termination.</param>
/// <param name="CustomStatus">JSON; null for none.</param>
/// <param name="Failure">Of a failed instance.</param>
/// <param name="Actions">What is to be done beside, of all kinds but the completion.</param>
/// <param name="Carried">Events that the next execution begins with.</param>
/// <param name="TerminatesChildren">The orchestrations that it called end with it.</param>
internal sealed record Turn(
    IReadOnlyList<HistoryEvent> Events,
    OrchestrationStatus Status,
    string? Output,
    string? CustomStatus,
    TaskFailureDetails? Failure,
    IReadOnlyList<OrchestratorAction> Actions,
    IReadOnlyList<HistoryEvent> Carried,
    bool TerminatesChildren)
{
    /// <summary>The exception of an error that the app answers when it cannot run a turn now: the turn is played again later.</summary>
    private const string TryAgain = "System.OutOfMemoryException";

    /// <summary>What a terminated child is to its parent.</summary>
    private const string TerminatedError = "DurableTask.Core.Exceptions.OrchestrationTerminatedException";

    public bool IsFinished => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;

    /// <summary>The turn as the app answered it.</summary>
    /// <param name="execution">As it was before.</param>
    /// <param name="began">The new events, from orchestratorStarted on.</param>
    /// <param name="answer">Without a <see cref="Fault"/>.</param>
    public static Turn Of(Execution execution, IReadOnlyList<HistoryEvent> began, OrchestratorResponse answer)
    {
        var time = began[0].Timestamp;
        var completion = answer.Actions.LastOrDefault(a => a.CompleteOrchestration is not null);
        var complete = completion?.CompleteOrchestration;
        var actions = answer.Actions.Where(a => a.CompleteOrchestration is null).ToList();
        List<HistoryEvent> events = [.. began, .. actions.Select(a => Confirmation(a, time))];
        if (completion is not null && complete!.OrchestrationStatus != OrchestrationStatus.ContinuedAsNew)
            events.Add(Completed(completion.Id, complete.OrchestrationStatus, complete.Result, complete.FailureDetails, time));
        events.Add(OrchestratorCompleted(time));
        var failed = complete?.OrchestrationStatus == OrchestrationStatus.Failed;
        return new Turn(
            events,
            complete?.OrchestrationStatus ?? (IsSuspended(execution, began) ? OrchestrationStatus.Suspended : OrchestrationStatus.Running),
            complete?.Result ?? (failed ? complete!.FailureDetails?.ErrorMessage : null),
            answer.CustomStatus,
            failed ? complete!.FailureDetails ?? new TaskFailureDetails { ErrorMessage = complete.Result ?? "" } : null,
            actions,
            [.. complete?.CarryoverEvents.Where(e => e.EventRaised is not null) ?? []],
            complete?.OrchestrationStatus == OrchestrationStatus.Terminated && began.Any(e => e.ExecutionTerminated?.Recurse == true));
    }

    /// <summary>The turn of an app that crashed in it or gave no usable answer: the instance has failed, for good.</summary>
    public static Turn Failed(Execution execution, IReadOnlyList<HistoryEvent> began, string message, TaskFailureDetails details)
    {
        var time = began[0].Timestamp;
        return new Turn(
            [.. began, Completed(-1, OrchestrationStatus.Failed, message, details, time), OrchestratorCompleted(time)],
            OrchestrationStatus.Failed,
            message,
            execution.CustomStatus,
            details,
            Actions: [],
            Carried: [],
            TerminatesChildren: false);
    }

    /// <summary>How the parent learns of the end of an instance that it called.</summary>
    public HistoryEvent ForParent(int taskScheduledId, Timestamp now)
    {
        var end = new HistoryEvent { EventId = -1, Timestamp = now };
        if (Status == OrchestrationStatus.Completed)
            end.SubOrchestrationInstanceCompleted = new SubOrchestrationInstanceCompletedEvent
            {
                TaskScheduledId = taskScheduledId,
                Result = Output,
            };
        else
            end.SubOrchestrationInstanceFailed = new SubOrchestrationInstanceFailedEvent
            {
                TaskScheduledId = taskScheduledId,
                FailureDetails = Failure ?? new TaskFailureDetails { ErrorType = TerminatedError, ErrorMessage = Output ?? "" },
            };
        return end;
    }

    /// <summary>What makes an answer unusable; null when nothing does.</summary>
    public static string? Fault(OrchestratorResponse answer)
    {
        foreach (var action in answer.Actions)
        {
            if (action.OrchestratorActionTypeCase == OrchestratorAction.OrchestratorActionTypeOneofCase.None)
                return $"Action {action.Id} is of an unsupported type.";
            if (action.SendEvent is { } sent && string.IsNullOrEmpty(sent.Instance?.InstanceId))
                return $"Action {action.Id} sends an event to no instance.";
            if (action.CreateSubOrchestration is { } created && created.InstanceId.Length == 0)
                return $"Action {action.Id} creates an orchestration without an id.";
            if (action.CreateTimer is { } timer && !IsTime(timer.FireAt))
                return $"Action {action.Id} creates a timer without a time.";
            if (action.CompleteOrchestration is { } complete && !EndsATurn(complete.OrchestrationStatus))
                return $"Action {action.Id} completes the orchestration as {complete.OrchestrationStatus}.";
        }
        return null;
    }

    /// <summary>Whether the app answers that it cannot run this turn now.</summary>
    public static bool IsToBePlayedAgain(OrchestratorResponse answer) =>
        answer.Actions.Any(a => a.CompleteOrchestration?.FailureDetails?.InnerFailure?.ErrorType == TryAgain);

    /// <summary>What .NET can hold: the years 1 to 9999.</summary>
    private static bool IsTime(Timestamp? time) =>
        time is { Nanos: >= 0 and < 1_000_000_000, Seconds: >= -62_135_596_800 and <= 253_402_300_799 };

    private static bool EndsATurn(OrchestrationStatus status) => status
        is OrchestrationStatus.Completed
        or OrchestrationStatus.Failed
        or OrchestrationStatus.Terminated
        or OrchestrationStatus.ContinuedAsNew;

    private static bool IsSuspended(Execution execution, IReadOnlyList<HistoryEvent> began) =>
        began.LastOrDefault(e => e.ExecutionSuspended is not null || e.ExecutionResumed is not null) is { } last
            ? last.ExecutionSuspended is not null
            : execution.Status == OrchestrationStatus.Suspended;

    private static HistoryEvent Confirmation(OrchestratorAction action, Timestamp time)
    {
        var confirmation = new HistoryEvent { EventId = action.Id, Timestamp = time };
        if (action.ScheduleTask is { } task)
            confirmation.TaskScheduled = new TaskScheduledEvent { Name = task.Name, Version = task.Version, Input = task.Input };
        else if (action.CreateTimer is { } timer)
            confirmation.TimerCreated = new TimerCreatedEvent { FireAt = timer.FireAt };
        else if (action.SendEvent is { } sent)
            confirmation.EventSent = new EventSentEvent { InstanceId = sent.Instance.InstanceId, Name = sent.Name, Input = sent.Data };
        else if (action.CreateSubOrchestration is { } created)
            confirmation.SubOrchestrationInstanceCreated = new SubOrchestrationInstanceCreatedEvent
            {
                InstanceId = created.InstanceId,
                Name = created.Name,
                Version = created.Version,
                Input = created.Input,
            };
        return confirmation;
    }

    private static HistoryEvent Completed(
        int id, OrchestrationStatus status, string? result, TaskFailureDetails? details, Timestamp time) =>
        new()
        {
            EventId = id,
            Timestamp = time,
            ExecutionCompleted = new ExecutionCompletedEvent { OrchestrationStatus = status, Result = result, FailureDetails = details },
        };

    private static HistoryEvent OrchestratorCompleted(Timestamp time) =>
        new() { EventId = -1, Timestamp = time, OrchestratorCompleted = new OrchestratorCompletedEvent() };
}
