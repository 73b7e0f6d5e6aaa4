using System.Text.Json;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>Inputs, results and payloads as JSON text. Nothing is the default value, and the null value is nothing.</summary>
internal static class PayloadJson
{
    /// <exception cref="JsonException">The text is no <typeparamref name="T"/>.</exception>
    public static T Read<T>(string? text, JsonSerializerOptions json) =>
        text is null or "null" ? default! : JsonSerializer.Deserialize<T>(text, json)!;

    /// <exception cref="NotSupportedException">The value cannot be written as JSON.</exception>
    public static string? Write<T>(T value, JsonSerializerOptions json) => value is null ? null : JsonSerializer.Serialize(value, json);
}
