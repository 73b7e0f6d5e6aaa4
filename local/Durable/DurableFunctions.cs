using Hexabase.Local.Functions;

namespace Hexabase.Local.Durable;

/// <summary>The functions of the app that play orchestrations and activities, by the names these have, in any case.</summary>
public sealed class DurableFunctions
{
    public const string OrchestrationTrigger = "orchestrationTrigger";
    public const string ActivityTrigger = "activityTrigger";

    /// <exception cref="CannotStartException">A trigger has no name, or two functions play the same orchestration or activity.</exception>
    public DurableFunctions(IReadOnlyList<FunctionDefinition> functions)
    {
        Orchestrators = Of(functions, OrchestrationTrigger, "orchestration");
        Activities = Of(functions, ActivityTrigger, "activity");
    }

    public IReadOnlyDictionary<string, DurableFunction> Orchestrators { get; }

    public IReadOnlyDictionary<string, DurableFunction> Activities { get; }

    private static Dictionary<string, DurableFunction> Of(IReadOnlyList<FunctionDefinition> functions, string trigger, string nameProperty)
    {
        var found = new Dictionary<string, DurableFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (var function in functions.Where(f => f.TriggerType == trigger && !f.IsDisabled))
        {
            var name = function.Text(nameProperty) ?? function.Name;
            var binding = function.Text("name") ?? throw new CannotStartException($"The {trigger} of '{function.Name}' has no name.");
            if (!found.TryAdd(name, new DurableFunction(function.Name, binding)))
                throw new CannotStartException($"More than one function plays the {nameProperty} '{name}'.");
        }
        return found;
    }
}

/// <param name="Function">Where envelopes are posted.</param>
/// <param name="Binding">Name of the trigger binding, the key in <c>Data</c>.</param>
public sealed record DurableFunction(string Function, string Binding);
