using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hexabase.Local.ServiceBus;

/// <summary>
/// Writes messages as Azure's host does for a custom handler: everything but objects and dates is a JSON string that holds JSON text
/// (so a string is encoded twice), and the top-level properties of a body that is a JSON object are merged into the metadata, over
/// the message's own. Not thread-safe.
/// </summary>
public sealed class MessageEnvelope(BusQueue queue)
{
    private const string DateText = "yyyy-MM-ddTHH:mm:ss";
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> text = new();

    /// <summary>Writes the property <c>{binding}</c>: one message's body, or with cardinality many the array of the bodies.</summary>
    public void WriteData(Utf8JsonWriter writer, IReadOnlyList<BusMessage> messages)
    {
        if (queue.Many)
            WriteText(writer, queue.Binding, messages, static (inner, m) => inner.WriteStringValue(Utf8(m.Body)));
        else
            WriteText(writer, queue.Binding, inner => inner.WriteStringValue(Utf8(messages[0].Body)));
    }

    /// <summary>Writes the properties of <c>Metadata</c>.</summary>
    public void WriteMetadata(Utf8JsonWriter writer, IReadOnlyList<BusMessage> messages, DateTimeOffset lockedUntil)
    {
        if (queue.Many)
        {
            WriteHostObjects(writer, lockedUntil, forged: []);
            WriteArrays(writer, messages);
            return;
        }
        using var body = ParseObject(messages[0].Body);
        var forged = body is null ? [] : TopLevel(body.RootElement);
        WriteHostObjects(writer, lockedUntil, forged);
        WriteProperties(writer, messages[0], forged);
        foreach (var (name, value) in forged)
            WriteForged(writer, name, value);
    }

    /// <summary>Objects of the host that leak into the metadata; no handler can use them.</summary>
    private static void WriteHostObjects(Utf8JsonWriter writer, DateTimeOffset lockedUntil, Dictionary<string, JsonElement> forged)
    {
        var actions = $$"""{"SessionLockedUntil":"{{DateAndOffset(lockedUntil)}}"}""";
        Raw(writer, "MessageReceiver", actions, forged);
        Raw(writer, "MessageSession", actions, forged);
        Raw(writer, "MessageActions", actions, forged);
        Raw(writer, "SessionActions", actions, forged);
        Raw(writer, "ReceiveActions", "{}", forged);
        Raw(writer, "Client", """{"FullyQualifiedNamespace":"localhost","IsClosed":false,"TransportType":0,"Identifier":"localhost"}""", forged);
    }

    private static void WriteProperties(Utf8JsonWriter writer, BusMessage message, Dictionary<string, JsonElement> forged)
    {
        var properties = message.Properties;
        var expiresAt = message.ExpiresAt ?? Never;
        Text(writer, "DeliveryCount", Number(message.DeliveryCount), forged);
        Text(writer, "LockToken", Quote(Guid.NewGuid().ToString()), forged);
        Text(writer, "ExpiresAtUtc", Date(expiresAt), forged);
        Text(writer, "ExpiresAt", DateAndOffset(expiresAt), forged);
        Text(writer, "EnqueuedTimeUtc", Date(message.EnqueuedAt), forged);
        Text(writer, "EnqueuedTime", DateAndOffset(message.EnqueuedAt), forged);
        Text(writer, "MessageId", Quote(properties.MessageId), forged);
        Text(writer, "ContentType", Quote(properties.ContentType), forged);
        Text(writer, "ReplyTo", Quote(properties.ReplyTo), forged);
        Text(writer, "SequenceNumber", Number(message.Sequence), forged);
        Text(writer, "To", Quote(properties.To), forged);
        Text(writer, "Subject", Quote(properties.Label), forged);
        Text(writer, "Label", Quote(properties.Label), forged);
        Text(writer, "CorrelationId", Quote(properties.CorrelationId), forged);
        Raw(writer, "ApplicationProperties", message.ApplicationProperties, forged);
        Raw(writer, "UserProperties", message.ApplicationProperties, forged);
        Text(writer, "SessionId", Quote(properties.SessionId), forged);
        Text(writer, "ReplyToSessionId", Quote(properties.ReplyToSessionId), forged);
        Text(writer, "PartitionKey", Quote(properties.PartitionKey), forged);
    }

    /// <summary>The same keys, each with an array: absent values are nulls in it, and dates keep their fraction.</summary>
    private void WriteArrays(Utf8JsonWriter writer, IReadOnlyList<BusMessage> messages)
    {
        WriteText(writer, "DeliveryCountArray", messages, static (inner, m) => inner.WriteNumberValue(m.DeliveryCount));
        WriteText(writer, "DeadLetterSourceArray", messages, static (inner, _) => inner.WriteNullValue());
        WriteText(writer, "LockTokenArray", messages, static (inner, _) => inner.WriteStringValue(Guid.NewGuid()));
        WriteText(writer, "ExpiresAtUtcArray", messages, static (inner, m) => inner.WriteStringValue((m.ExpiresAt ?? Never).DateTime));
        WriteText(writer, "ExpiresAtArray", messages, static (inner, m) => inner.WriteStringValue(m.ExpiresAt ?? Never));
        WriteText(writer, "EnqueuedTimeUtcArray", messages, static (inner, m) => inner.WriteStringValue(m.EnqueuedAt.DateTime));
        WriteText(writer, "EnqueuedTimeArray", messages, static (inner, m) => inner.WriteStringValue(m.EnqueuedAt));
        WriteText(writer, "MessageIdArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.MessageId));
        WriteText(writer, "ContentTypeArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.ContentType));
        WriteText(writer, "ReplyToArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.ReplyTo));
        WriteText(writer, "SequenceNumberArray", messages, static (inner, m) => inner.WriteNumberValue(m.Sequence));
        WriteText(writer, "ToArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.To));
        WriteText(writer, "SubjectArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.Label));
        WriteText(writer, "LabelArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.Label));
        WriteText(writer, "CorrelationIdArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.CorrelationId));
        WriteText(writer, "ApplicationPropertiesArray", messages, static (inner, m) => inner.WriteRawValue(m.ApplicationProperties, skipInputValidation: true));
        WriteText(writer, "UserPropertiesArray", messages, static (inner, m) => inner.WriteRawValue(m.ApplicationProperties, skipInputValidation: true));
        WriteText(writer, "SessionIdArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.SessionId));
        WriteText(writer, "ReplyToSessionIdArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.ReplyToSessionId));
        WriteText(writer, "PartitionKeyArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.PartitionKey));
        WriteText(writer, "TransactionPartitionKeyArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.PartitionKey));
    }

    private void WriteText(Utf8JsonWriter writer, string name, IReadOnlyList<BusMessage> messages, Action<Utf8JsonWriter, BusMessage> write) =>
        WriteText(writer, name, inner =>
        {
            inner.WriteStartArray();
            foreach (var message in messages)
                write(inner, message);
            inner.WriteEndArray();
        });

    /// <summary>A property whose value is a string that holds JSON text.</summary>
    private void WriteText(Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> write)
    {
        text.ResetWrittenCount();
        using var inner = new Utf8JsonWriter(text, Relaxed);
        write(inner);
        inner.Flush();
        writer.WriteString(name, text.WrittenSpan);
    }

    private static void Text(Utf8JsonWriter writer, string name, string? value, Dictionary<string, JsonElement> forged)
    {
        if (forged.Remove(name, out var instead))
            WriteForged(writer, name, instead);
        else if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Raw(Utf8JsonWriter writer, string name, string json, Dictionary<string, JsonElement> forged)
    {
        if (forged.Remove(name, out var instead))
        {
            WriteForged(writer, name, instead);
            return;
        }
        writer.WritePropertyName(name);
        writer.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>What of a body goes into the metadata: everything at the top that is not null and not an array.</summary>
    private static Dictionary<string, JsonElement> TopLevel(JsonElement body)
    {
        var properties = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in body.EnumerateObject())
        {
            if (property.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Array) && !IsLeftOut(property.Name))
                properties[property.Name] = property.Value;
        }
        return properties;
    }

    /// <summary>The host drops keys that end in "trigger"; "sys" is its own.</summary>
    private static bool IsLeftOut(string name) =>
        name.EndsWith("trigger", StringComparison.OrdinalIgnoreCase) || name.Equals("sys", StringComparison.OrdinalIgnoreCase);

    /// <summary>Objects stay objects, scalars become strings as .NET prints them: <c>True</c>, <c>2</c>, <c>01/16/2026 09:00:00</c>.</summary>
    private static void WriteForged(Utf8JsonWriter writer, string name, JsonElement value)
    {
        writer.WritePropertyName(name);
        if (value.ValueKind == JsonValueKind.Object)
            value.WriteTo(writer);
        else
            writer.WriteStringValue(Quote(Print(value)));
    }

    private static string Print(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? Number(whole) : value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => PrintText(value.GetString()!),
    };

    /// <summary>The host's JSON reader takes a string in ISO form for a date.</summary>
    private static string PrintText(string text)
    {
        var looksLikeDate = text.Length >= DateText.Length && text[4] == '-' && text[7] == '-' && text[10] == 'T';
        return looksLikeDate && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var date)
            ? date.ToString(CultureInfo.InvariantCulture)
            : text;
    }

    /// <summary>Null when the body is no JSON object.</summary>
    private static JsonDocument? ParseObject(byte[] body)
    {
        if (!body.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return null;
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The bytes of the body's text; what is not UTF-8 in it becomes replacement characters.</summary>
    private static ReadOnlySpan<byte> Utf8(byte[] body) =>
        System.Text.Unicode.Utf8.IsValid(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));

    private static string? Quote(string? value) => value is null ? null : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString(DateText, CultureInfo.InvariantCulture);

    private static string DateAndOffset(DateTimeOffset time) => Date(time) + "+00:00";
}
