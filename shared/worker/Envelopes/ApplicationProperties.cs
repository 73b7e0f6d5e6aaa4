using System.Collections.Frozen;
using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>Reads the application properties of a message: an object, or a string that holds its JSON.</summary>
internal static class ApplicationProperties
{
    public static IReadOnlyDictionary<string, object> None { get; } = FrozenDictionary<string, object>.Empty;

    /// <summary>Nulls are left out. Anything unreadable makes all of them unknown.</summary>
    public static IReadOnlyDictionary<string, object> Read(JsonElement value)
    {
        try
        {
            if (value.ValueKind != JsonValueKind.String)
                return ReadObject(value);
            using var inner = JsonDocument.Parse(DoubleEncoding.Bytes(value));
            return ReadObject(inner.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return None;
        }
    }

    private static IReadOnlyDictionary<string, object> ReadObject(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() == 0)
            return None;
        var properties = new Dictionary<string, object>(value.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
            if (property.Value.ValueKind != JsonValueKind.Null)
                properties[property.Name] = Value(property.Value);
        return properties;
    }

    private static object Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
        JsonValueKind.Number => value.GetDouble(),
        _ => value.GetRawText(),
    };
}
