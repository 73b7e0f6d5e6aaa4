using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hexabase.Local.Functions;

namespace Hexabase.Local.Durable;

/// <summary>An activity as the app is asked for it, and what the Functions host makes of its answer.</summary>
internal static class ActivityCall
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly JsonWriterOptions Compact = new() { Encoder = Encoder };

    /// <summary>
    /// Writes the property <c>{binding}</c> of <c>Data</c>: a string that holds a JSON string that holds the input's JSON.
    /// </summary>
    public static void WriteData(Utf8JsonWriter data, string binding, string? input) =>
        data.WriteString(binding, input is null ? "null" : Quote(input));

    /// <summary>Writes the properties of <c>Metadata</c>, which those of the input overwrite: see <see cref="ForgedMetadata"/>.</summary>
    public static void WriteMetadata(Utf8JsonWriter metadata, string binding, ActivityWork work)
    {
        using var forged = ForgedMetadata.Of(work.Input is null ? default(ReadOnlyMemory<byte>) : Encoding.UTF8.GetBytes(work.Input));
        if (!forged.TryWriteInstead(metadata, "instanceId"))
            metadata.WriteString("instanceId", Quote(work.InstanceId));
        if (work.Input is { } input)
        {
            if (!forged.TryWriteInstead(metadata, binding))
                metadata.WriteString(binding, Quote(input));
            if (!forged.TryWriteInstead(metadata, "data"))
                WriteParsed(metadata, "data", input);
        }
        forged.WriteRest(metadata);
    }

    /// <summary>The result that the orchestration gets, JSON; null for none.</summary>
    /// <remarks>
    /// As the host's JSON library writes again what it has read: compact, 1.10 as 1.1, a time with an offset in UTC. Only a text that
    /// is no time of its own stays what it is.
    /// </remarks>
    /// <param name="returned">The answer's ReturnValue.</param>
    /// <exception cref="InvalidOperationException">A text in it has half a surrogate pair.</exception>
    /// <exception cref="JsonException">It is not JSON, or nested too deep.</exception>
    public static string? Result(ReadOnlyMemory<byte> returned)
    {
        if (returned.IsEmpty)
            return null;
        using var value = JsonDocument.Parse(returned, JsonText.OfAnswers);
        var text = new ArrayBufferWriter<byte>(returned.Length);
        using (var writer = new Utf8JsonWriter(text, Compact))
            WriteAgain(writer, value.RootElement);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static void WriteAgain(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    WriteAgain(writer, property.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    WriteAgain(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when value.GetRawText().AsSpan().ContainsAny(".eE") && double.IsFinite(value.GetDouble()):
                writer.WriteRawValue(WithPoint(value.GetDouble()));
                break;
            case JsonValueKind.String when HasOffset(value.GetString()!, out var time):
                writer.WriteStringValue(time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string WithPoint(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny(".E") ? text : text + ".0";
    }

    /// <summary>Whether the host would take a text for a time that is not UTC's.</summary>
    private static bool HasOffset(string text, out DateTimeOffset time)
    {
        time = default;
        return text is [_, _, _, _, '-', _, _, '-', _, _, 'T', _, _, ':', _, _, ':', _, _, ..]
            && text[^6] is '+' or '-'
            && DateTimeOffset.TryParseExact(
                text, "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    private static void WriteParsed(Utf8JsonWriter metadata, string name, string json)
    {
        if (!JsonText.TryParse(json, out var parsed))
            return;
        using (parsed)
        {
            if (parsed.RootElement.ValueKind is JsonValueKind.Null)
                return;
            metadata.WritePropertyName(name);
            if (parsed.RootElement.ValueKind is JsonValueKind.Object)
                parsed.RootElement.WriteTo(metadata);
            else
                metadata.WriteStringValue(parsed.RootElement.GetRawText());
        }
    }

    private static string Quote(string text) => $"\"{Encoder.Encode(text)}\"";
}
