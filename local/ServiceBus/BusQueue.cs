using Hexabase.Local.Functions;

namespace Hexabase.Local.ServiceBus;

/// <summary>A queue and the one function that it triggers.</summary>
/// <param name="Name">As the binding spells it; queues are found in any case.</param>
/// <param name="Binding">Name of the trigger binding, the key of the message in the envelope.</param>
/// <param name="HasSessions">Order is kept within a session, and a session has one receiver.</param>
/// <param name="BatchSize">Most messages of one invocation; 1 unless the binding's cardinality is many.</param>
/// <param name="Many">The function takes an array of messages.</param>
/// <param name="Receivers">Invocations at the same time; none while the function is disabled.</param>
public sealed record BusQueue(
    string Name, string Function, string Binding, bool HasSessions, bool Many, int BatchSize, int Receivers, QueueSettings Settings)
{
    /// <summary>Under what a message waits: its session, or nothing where the queue has none.</summary>
    public string SessionOf(BrokerProperties properties) => HasSessions ? properties.SessionId! : "";

    /// <summary>The queues of an app, from its <c>serviceBusTrigger</c> bindings.</summary>
    /// <exception cref="CannotStartException">A binding names no queue (topics are not supported), or two functions share one.</exception>
    public static IReadOnlyList<BusQueue> Of(IReadOnlyList<FunctionDefinition> functions, ServiceBusSettings settings)
    {
        var queues = functions.Where(f => f.TriggerType == "serviceBusTrigger").Select(f => Of(f, settings)).ToList();
        foreach (var shared in queues.GroupBy(q => q.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            var names = string.Join(", ", shared.Select(q => q.Function));
            throw new CannotStartException($"Queue '{shared.Key}' triggers more than one function: {names}.");
        }
        return queues;
    }

    private static BusQueue Of(FunctionDefinition function, ServiceBusSettings settings)
    {
        var name = function.Text("queueName")
            ?? throw new CannotStartException($"The serviceBusTrigger of '{function.Name}' names no queue.");
        var sessions = function.IsOn("isSessionsEnabled");
        var many = string.Equals(function.Text("cardinality"), "many", StringComparison.OrdinalIgnoreCase);
        return new BusQueue(
            name,
            function.Name,
            function.Text("name") ?? throw new CannotStartException($"The serviceBusTrigger of '{function.Name}' has no name."),
            sessions,
            many,
            many ? settings.MaxMessageBatchSize : 1,
            function.IsDisabled ? 0 : sessions ? settings.MaxConcurrentSessions : settings.MaxConcurrentCalls,
            settings.Queues.GetValueOrDefault(name) ?? new QueueSettings());
    }
}
