using Hexabase.Durable;
using Kind = Hexabase.Durable.OrchestratorAction.OrchestratorActionTypeOneofCase;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>What an orchestration has asked for, numbered from 0 in the order in which its code asks.</summary>
internal sealed class OrchestrationSteps
{
    private readonly Dictionary<int, OrchestratorAction> unconfirmed = [];
    private readonly Dictionary<int, TaskCompletionSource<StepOutcome>> open = [];

    public int NextId { get; private set; }

    public bool AnyOpen => open.Count > 0;

    /// <summary>What the host does not know of yet, in order.</summary>
    public IEnumerable<OrchestratorAction> Unconfirmed => unconfirmed.Values.OrderBy(action => action.Id);

    /// <summary>Numbers a step that is done once it is asked for.</summary>
    public void Add(OrchestratorAction action)
    {
        action.Id = NextId++;
        unconfirmed.Add(action.Id, action);
    }

    /// <summary>Numbers a step that has an outcome.</summary>
    public TaskCompletionSource<StepOutcome> Open(OrchestratorAction action)
    {
        Add(action);
        var outcome = new TaskCompletionSource<StepOutcome>();
        open.Add(action.Id, outcome);
        return outcome;
    }

    /// <summary>The history has this step: it need not be asked for again.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code has asked for another.</exception>
    public void Confirm(int id, Kind kind, string name = "")
    {
        if (!unconfirmed.Remove(id, out var action))
            throw new NonDeterministicOrchestrationException(id, Describe(kind, name), "has not asked for that step");
        if (action.OrchestratorActionTypeCase != kind || !NameOf(action).Equals(name, StringComparison.OrdinalIgnoreCase))
            throw new NonDeterministicOrchestrationException(
                id, Describe(kind, name), $"asks for {Describe(action.OrchestratorActionTypeCase, NameOf(action))}");
    }

    /// <summary>Ends a step. An outcome that nobody waits for is a duplicate, or of what was cancelled.</summary>
    public void End(int id, StepOutcome outcome)
    {
        if (open.Remove(id, out var step))
            step.SetResult(outcome);
    }

    /// <summary>Nobody waits for the outcome any more.</summary>
    public void Forget(int id) => open.Remove(id);

    /// <summary>Takes everything back that the host does not know of yet.</summary>
    public void Clear() => unconfirmed.Clear();

    private static string NameOf(OrchestratorAction action) => action.OrchestratorActionTypeCase switch
    {
        Kind.ScheduleTask => action.ScheduleTask.Name,
        Kind.CreateSubOrchestration => action.CreateSubOrchestration.Name,
        Kind.SendEvent => action.SendEvent.Name,
        _ => "",
    };

    private static string Describe(Kind kind, string name) => kind switch
    {
        Kind.ScheduleTask => $"the activity '{name}'",
        Kind.CreateSubOrchestration => $"the sub-orchestration '{name}'",
        Kind.SendEvent => $"an event '{name}' to another orchestration",
        _ => "a timer",
    };
}
