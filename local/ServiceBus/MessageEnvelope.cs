using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hexabase.Local.Functions;

namespace Hexabase.Local.ServiceBus;

/// <summary>
/// Writes messages as Azure's host does for a custom handler: everything but objects and dates is a JSON string that holds JSON text
/// (so a string is encoded twice), and a body may overwrite the metadata, see <see cref="ForgedMetadata"/>. Not thread-safe.
/// </summary>
public sealed class MessageEnvelope(BusQueue queue)
{
    private const string Client =
        """{"FullyQualifiedNamespace":"localhost","IsClosed":false,"TransportType":0,"Identifier":"localhost"}""";

    private const string DateText = "yyyy-MM-ddTHH:mm:ss";
    private static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = Encoder, SkipValidation = true };

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
            using var nothing = ForgedMetadata.Of(default);
            WriteHostObjects(writer, lockedUntil, nothing);
            WriteArrays(writer, messages);
            return;
        }
        using var forged = ForgedMetadata.Of(messages[0].Body);
        WriteHostObjects(writer, lockedUntil, forged);
        WriteProperties(writer, messages[0], forged);
        forged.WriteRest(writer);
    }

    /// <summary>Objects of the host that leak into the metadata; no handler can use them.</summary>
    private static void WriteHostObjects(Utf8JsonWriter writer, DateTimeOffset lockedUntil, ForgedMetadata forged)
    {
        var actions = $$"""{"SessionLockedUntil":"{{DateAndOffset(lockedUntil)}}"}""";
        Raw(writer, "MessageReceiver", actions, forged);
        Raw(writer, "MessageSession", actions, forged);
        Raw(writer, "MessageActions", actions, forged);
        Raw(writer, "SessionActions", actions, forged);
        Raw(writer, "ReceiveActions", "{}", forged);
        Raw(writer, "Client", Client, forged);
    }

    private static void WriteProperties(Utf8JsonWriter writer, BusMessage message, ForgedMetadata forged)
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
        WriteText(writer, "ApplicationPropertiesArray", messages, static (inner, m) => inner.WriteRawValue(m.ApplicationProperties, true));
        WriteText(writer, "UserPropertiesArray", messages, static (inner, m) => inner.WriteRawValue(m.ApplicationProperties, true));
        WriteText(writer, "SessionIdArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.SessionId));
        WriteText(writer, "ReplyToSessionIdArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.ReplyToSessionId));
        WriteText(writer, "PartitionKeyArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.PartitionKey));
        WriteText(writer, "TransactionPartitionKeyArray", messages, static (inner, m) => inner.WriteStringValue(m.Properties.PartitionKey));
    }

    private void WriteText(
        Utf8JsonWriter writer, string name, IReadOnlyList<BusMessage> messages, Action<Utf8JsonWriter, BusMessage> write) =>
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

    private static void Text(Utf8JsonWriter writer, string name, string? value, ForgedMetadata forged)
    {
        if (!forged.TryWriteInstead(writer, name) && value is not null)
            writer.WriteString(name, value);
    }

    private static void Raw(Utf8JsonWriter writer, string name, string json, ForgedMetadata forged)
    {
        if (forged.TryWriteInstead(writer, name))
            return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>The bytes of the body's text; what is not UTF-8 in it becomes replacement characters.</summary>
    private static ReadOnlySpan<byte> Utf8(byte[] body) =>
        System.Text.Unicode.Utf8.IsValid(body) ? body : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body));

    private static string? Quote(string? value) => value is null ? null : $"\"{Encoder.Encode(value)}\"";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString(DateText, CultureInfo.InvariantCulture);

    private static string DateAndOffset(DateTimeOffset time) => Date(time) + "+00:00";
}
