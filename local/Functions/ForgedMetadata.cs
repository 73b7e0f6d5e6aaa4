using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hexabase.Local.Functions;

/// <summary>
/// What Azure's host makes of a body that is a JSON object: its top-level properties go into the metadata and overwrite what is there,
/// whatever their case. A trap for a handler that trusts metadata, and therefore reproduced.
/// </summary>
internal sealed class ForgedMetadata : IDisposable
{
    private const int ShortestDate = 19;

    private readonly JsonDocument? document;
    private readonly Dictionary<string, JsonElement> left = new(StringComparer.OrdinalIgnoreCase);

    private ForgedMetadata(JsonDocument? document)
    {
        this.document = document;
        foreach (var property in document?.RootElement.EnumerateObject() ?? default)
        {
            if (property.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Array) && !IsLeftOut(property.Name))
                left[property.Name] = property.Value;
        }
    }

    /// <summary>Nothing, when the body is no JSON object.</summary>
    public static ForgedMetadata Of(ReadOnlyMemory<byte> body) => new(Parse(body));

    /// <summary>Writes the body's property instead of the message's own, if it has one of that name.</summary>
    public bool TryWriteInstead(Utf8JsonWriter writer, string name)
    {
        if (!left.Remove(name, out var value))
            return false;
        Write(writer, name, value);
        return true;
    }

    /// <summary>Writes the properties that overwrote nothing.</summary>
    public void WriteRest(Utf8JsonWriter writer)
    {
        foreach (var (name, value) in left)
            Write(writer, name, value);
    }

    public void Dispose() => document?.Dispose();

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        if (!body.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return null;
        try
        {
            var parsed = JsonDocument.Parse(body);
            if (JsonText.IsWhole(parsed.RootElement, body.Span))
                return parsed;
            parsed.Dispose();
        }
        catch (JsonException)
        {
            // Text that only begins like an object.
        }
        return null;
    }

    /// <summary>The host drops keys that end in "trigger"; "sys" is its own.</summary>
    private static bool IsLeftOut(string name) =>
        name.EndsWith("trigger", StringComparison.OrdinalIgnoreCase) || name.Equals("sys", StringComparison.OrdinalIgnoreCase);

    /// <summary>Objects stay objects; scalars become text as .NET prints them: <c>True</c>, <c>2</c>, <c>01/16/2026 09:00:00</c>.</summary>
    private static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        if (value.ValueKind == JsonValueKind.Object)
            value.WriteTo(writer);
        else
            writer.WriteStringValue($"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(Print(value))}\"");
    }

    private static string Print(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => bool.TrueString,
        JsonValueKind.False => bool.FalseString,
        JsonValueKind.Number when value.TryGetInt64(out var whole) => whole.ToString(CultureInfo.InvariantCulture),
        JsonValueKind.Number => value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => PrintText(value.GetString()!),
    };

    /// <summary>The host's JSON reader takes a string in ISO form for a date.</summary>
    private static string PrintText(string text)
    {
        var looksLikeDate = text.Length >= ShortestDate && text[4] == '-' && text[7] == '-' && text[10] == 'T';
        return looksLikeDate && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var date)
            ? date.ToString(CultureInfo.InvariantCulture)
            : text;
    }
}
