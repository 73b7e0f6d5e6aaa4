using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>
/// How an activity's outcome crosses the host, which loses how an activity failed and rewrites what looks like a date: as ONE string
/// that holds <c>{"value":…}</c> or <c>{"error":{"type":…,"message":…,"stack":…,"inner":{…},"retriable":…}}</c>. The host records it as
/// a JSON string literal.
/// </summary>
/// <param name="Value">JSON text; null when there is no value or there is a failure.</param>
internal readonly record struct ActivityAnswer(string? Value, TaskFailureDetails? Failure)
{
    private const string ValueProperty = "value";
    private const string ErrorProperty = "error";

    // It is never part of a page, so that quotes and angle brackets need no escapes.
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What the activity answers when it has a result.</summary>
    /// <exception cref="NotSupportedException">The result cannot be written as JSON.</exception>
    public static string Write<T>(T value, JsonSerializerOptions json) =>
        $$"""{"{{ValueProperty}}":{{JsonSerializer.Serialize(value, json)}}}""";

    /// <summary>What the activity answers when it has failed.</summary>
    public static string Write(TaskFailureDetails failure) =>
        $$"""{"{{ErrorProperty}}":{{JsonSerializer.Serialize(Error.Of(failure), Format)}}}""";

    /// <summary>Reads the result of a completed task. What is no such answer is the value itself.</summary>
    public static StepOutcome Read(string? result) => TryRead(result) ?? new(result);

    private static StepOutcome? TryRead(string? result)
    {
        if (result is null || !result.StartsWith("\"{", StringComparison.Ordinal))
            return null;
        try
        {
            using var answer = JsonDocument.Parse(JsonSerializer.Deserialize<string>(result)!);
            if (answer.RootElement.GetPropertyCount() != 1)
                return null;
            if (answer.RootElement.TryGetProperty(ValueProperty, out var value))
                return new(value.GetRawText());
            return answer.RootElement.TryGetProperty(ErrorProperty, out var error) && error.Deserialize<Error>(Format) is { } failure
                ? new(null, failure.ToDetails())
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Error(string Type, string Message, string? Stack = null, Error? Inner = null, bool Retriable = true)
    {
        public static Error Of(TaskFailureDetails failure) => new(
            failure.ErrorType,
            failure.ErrorMessage,
            failure.StackTrace,
            failure.InnerFailure is { } inner ? Of(inner) : null,
            !failure.IsNonRetriable);

        public TaskFailureDetails ToDetails() => new(Type, Message, Stack, Inner?.ToDetails(), !Retriable);
    }
}
