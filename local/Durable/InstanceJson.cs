using System.Globalization;
using System.Text.Json;
using Hexabase.Durable;
using Hexabase.Local.Functions;

namespace Hexabase.Local.Durable;

/// <summary>An instance as the management API shows it.</summary>
internal static class InstanceJson
{
    /// <param name="history">Null leaves it null, as it is where it was not asked for.</param>
    /// <param name="showInput">Whether the input of the instance is shown.</param>
    /// <param name="showHistoryOutput">Whether inputs and results in the history are.</param>
    public static void Write(
        Utf8JsonWriter json,
        InstanceView instance,
        bool showInput,
        IReadOnlyList<HistoryEvent>? history = null,
        bool showHistoryOutput = false)
    {
        json.WriteStartObject();
        json.WriteString("name", instance.Name);
        json.WriteString("instanceId", instance.Id);
        json.WriteString("runtimeStatus", instance.Status.ToString());
        WriteValue(json, "input", showInput ? instance.Input : null);
        WriteValue(json, "customStatus", instance.CustomStatus);
        WriteValue(json, "output", instance.Output);
        json.WriteString("createdTime", Seconds(instance.CreatedAt));
        json.WriteString("lastUpdatedTime", Seconds(instance.UpdatedAt));
        json.WritePropertyName("historyEvents");
        if (history is null)
            json.WriteNullValue();
        else
            WriteHistory(json, history, showHistoryOutput);
        json.WriteEndObject();
    }

    /// <summary>Text that is JSON as what it says, other text as text.</summary>
    public static void WriteValue(Utf8JsonWriter json, string? text)
    {
        if (text is null)
        {
            json.WriteNullValue();
        }
        else if (JsonText.TryParse(text, out var value))
        {
            using (value)
                value.WriteTo(json);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string name, string? text)
    {
        json.WritePropertyName(name);
        WriteValue(json, text);
    }

    private static string Seconds(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// What happened, without the bookkeeping: what was scheduled stands with its end, or by itself as long as there is none.
    /// </summary>
    private static void WriteHistory(Utf8JsonWriter json, IReadOnlyList<HistoryEvent> history, bool showOutput)
    {
        var scheduled = history.Where(e => e.TaskScheduled is not null || e.SubOrchestrationInstanceCreated is not null)
            .DistinctBy(e => e.EventId) // whatever an app has numbered twice
            .ToDictionary(e => e.EventId);
        var ended = history.Select(EndOf).OfType<int>().ToHashSet();
        json.WriteStartArray();
        foreach (var happened in history)
        {
            var kind = happened.EventTypeCase;
            if (kind is HistoryEvent.EventTypeOneofCase.OrchestratorStarted or HistoryEvent.EventTypeOneofCase.OrchestratorCompleted
                || (scheduled.TryGetValue(happened.EventId, out var itself)
                    && ReferenceEquals(itself, happened)
                    && ended.Contains(happened.EventId)))
                continue;
            var origin = EndOf(happened) is { } id ? scheduled.GetValueOrDefault(id) : happened;
            json.WriteStartObject();
            json.WriteString("EventType", kind.ToString());
            if (NameOf(origin) is { } function)
                json.WriteString("FunctionName", function);
            if (happened.EventRaised?.Name is { } raised)
                json.WriteString("Name", raised);
            if (origin is not null && !ReferenceEquals(origin, happened))
                json.WriteString("ScheduledTime", origin.Timestamp.ToDateTime());
            if ((happened.TimerCreated?.FireAt ?? happened.TimerFired?.FireAt) is { } fireAt)
                json.WriteString("FireAt", fireAt.ToDateTime());
            if (happened.ExecutionCompleted is { } completed)
                json.WriteString("OrchestrationStatus", completed.OrchestrationStatus.ToString());
            if (Reason(happened) is { } reason)
                json.WriteString("Reason", reason);
            if (showOutput && InputOf(origin) is { } input)
                WriteValue(json, "Input", input);
            if (showOutput && ResultOf(happened) is { } result)
                WriteValue(json, "Result", result);
            json.WriteString("Timestamp", happened.Timestamp.ToDateTime());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The number of the call that an event ends; null when it ends none.</summary>
    private static int? EndOf(HistoryEvent happened) =>
        happened.TaskCompleted?.TaskScheduledId
        ?? happened.TaskFailed?.TaskScheduledId
        ?? happened.SubOrchestrationInstanceCompleted?.TaskScheduledId
        ?? happened.SubOrchestrationInstanceFailed?.TaskScheduledId;

    private static string? NameOf(HistoryEvent? happened) =>
        happened?.ExecutionStarted?.Name ?? happened?.TaskScheduled?.Name ?? happened?.SubOrchestrationInstanceCreated?.Name;

    private static string? InputOf(HistoryEvent? happened) =>
        happened?.ExecutionStarted?.Input
        ?? happened?.TaskScheduled?.Input
        ?? happened?.SubOrchestrationInstanceCreated?.Input
        ?? happened?.EventRaised?.Input;

    private static string? ResultOf(HistoryEvent happened) =>
        happened.TaskCompleted?.Result ?? happened.SubOrchestrationInstanceCompleted?.Result ?? happened.ExecutionCompleted?.Result;

    private static string? Reason(HistoryEvent happened) =>
        happened.TaskFailed?.FailureDetails?.ErrorMessage
        ?? happened.SubOrchestrationInstanceFailed?.FailureDetails?.ErrorMessage
        ?? happened.ExecutionTerminated?.Input
        ?? happened.ExecutionSuspended?.Input
        ?? happened.ExecutionResumed?.Input;
}
