using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Hexabase.Tests.Operations;

/// <summary>JSON of a type with every property filled: what the product writes of it at most. The same each time.</summary>
internal static class Specimen
{
    public static JsonNode Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return JsonSerializer.SerializeToNode(Enum.GetValues(type).GetValue(0), type, StoredTypes.Json)!;
        var contract = StoredTypes.Json.GetTypeInfo(type);
        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => new JsonObject(
                contract.Properties.Where(IsStored).Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Of(property.PropertyType)))),
            JsonTypeInfoKind.Enumerable => new JsonArray(Of(contract.ElementType!)),
            JsonTypeInfoKind.Dictionary => new JsonObject { [Of(contract.KeyType!).ToString()] = Of(contract.ElementType!) },
            _ => Leaf(type),
        };
    }

    /// <summary>Read back as well as written; what is computed is not.</summary>
    private static bool IsStored(JsonPropertyInfo property) =>
        property.Get is not null && (property.Set is not null || property.AssociatedParameter is not null);

    private static JsonNode Leaf(Type type) => type switch
    {
        _ when type == typeof(string) => JsonValue.Create("text"),
        _ when type == typeof(bool) => JsonValue.Create(true),
        _ when type == typeof(int) || type == typeof(long) => JsonValue.Create(1),
        _ when type == typeof(decimal) || type == typeof(double) => JsonValue.Create(0.5),
        _ when type == typeof(DateTimeOffset) => JsonValue.Create("2026-01-15T12:00:00+00:00"),
        _ when type == typeof(DateOnly) => JsonValue.Create("2026-01-15"),
        _ when type == typeof(TimeSpan) => JsonValue.Create("00:00:01"),
        _ when type == typeof(JsonElement) => new JsonObject { ["any"] = "thing" },
        _ => throw new NotSupportedException($"Say here how a {type} looks in JSON."),
    };
}
