using System.Text.Json;
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
    /// <exception cref="InvalidDataException">A binding names no queue (topics are not supported), or two functions share one.</exception>
    public static IReadOnlyList<BusQueue> Of(IReadOnlyList<FunctionDefinition> functions, ServiceBusSettings settings)
    {
        var queues = functions.Where(f => f.TriggerType == "serviceBusTrigger").Select(f => Of(f, settings)).ToList();
        foreach (var shared in queues.GroupBy(q => q.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            var names = string.Join(", ", shared.Select(q => q.Function));
            throw new InvalidDataException($"Queue '{shared.Key}' triggers more than one function: {names}.");
        }
        return queues;
    }

    private static BusQueue Of(FunctionDefinition function, ServiceBusSettings settings)
    {
        var binding = function.Trigger;
        var name = Text(binding, "queueName")
            ?? throw new InvalidDataException($"The serviceBusTrigger of '{function.Name}' names no queue.");
        var sessions = binding.TryGetProperty("isSessionsEnabled", out var enabled) && enabled.ValueKind == JsonValueKind.True;
        var many = string.Equals(Text(binding, "cardinality"), "many", StringComparison.OrdinalIgnoreCase);
        return new BusQueue(
            name,
            function.Name,
            Text(binding, "name") ?? throw new InvalidDataException($"The serviceBusTrigger of '{function.Name}' has no name."),
            sessions,
            many,
            many ? settings.MaxMessageBatchSize : 1,
            function.IsDisabled ? 0 : sessions ? settings.MaxConcurrentSessions : settings.MaxConcurrentCalls,
            settings.Queues.GetValueOrDefault(name) ?? new QueueSettings());
    }

    private static string? Text(JsonElement binding, string property) =>
        binding.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
