using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hexabase.Domain.Messaging;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>Writes messages as batches of the Service Bus HTTP API, each below the service's limit.</summary>
internal static class MessageBatches
{
    /// <summary>Largest batch; the service's limit of 256 KB counts the headers too.</summary>
    public const int LargestBatch = 250 * 1000;

    private const int LongestId = 128;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The batches in order; each is a JSON array.</summary>
    /// <exception cref="MessagingException">One message alone is too large, or one of its ids is empty or too long.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Write(IReadOnlyList<OutgoingMessage> messages)
    {
        var batches = new List<ReadOnlyMemory<byte>>(1);
        var batch = new ArrayBufferWriter<byte>();
        var one = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(one, Relaxed);
        foreach (var message in messages)
        {
            CheckId(message, nameof(message.MessageId), message.MessageId);
            if (message.SessionId is not null)
                CheckId(message, nameof(message.SessionId), message.SessionId);
            one.ResetWrittenCount();
            json.Reset();
            Write(json, message);
            json.Flush();
            if (one.WrittenCount + 2 > LargestBatch)
                throw TooLarge(message, one.WrittenCount);
            if (batch.WrittenCount + one.WrittenCount + 2 > LargestBatch)
            {
                Close(batch, batches);
                batch = new ArrayBufferWriter<byte>();
            }
            batch.Write(batch.WrittenCount == 0 ? "["u8 : ","u8);
            batch.Write(one.WrittenSpan);
        }
        if (batch.WrittenCount > 0)
            Close(batch, batches);
        return batches;
    }

    private static void Close(ArrayBufferWriter<byte> batch, List<ReadOnlyMemory<byte>> batches)
    {
        batch.Write("]"u8);
        batches.Add(batch.WrittenMemory);
    }

    private static void Write(Utf8JsonWriter json, OutgoingMessage message)
    {
        json.WriteStartObject();
        json.WriteString("Body", message.Body.Span);
        json.WriteStartObject("BrokerProperties");
        json.WriteString("MessageId", message.MessageId);
        if (message.SessionId is not null)
            json.WriteString("SessionId", message.SessionId);
        json.WriteString("CorrelationId", message.CorrelationId);
        if (message.Subject is not null)
            json.WriteString("Label", message.Subject);
        json.WriteString("ContentType", "application/json");
        if (message.ScheduledEnqueueTime is { } due)
            json.WriteString("ScheduledEnqueueTimeUtc", WholeSecond(due).ToString("R", CultureInfo.InvariantCulture));
        json.WriteEndObject();
        if (message.TraceParent is not null)
            WriteTrace(json, message.TraceParent);
        json.WriteEndObject();
    }

    /// <summary>As the Azure SDKs do: what they have always read, and the newer name that wins.</summary>
    private static void WriteTrace(Utf8JsonWriter json, string traceParent)
    {
        json.WriteStartObject("UserProperties");
        json.WriteString("Diagnostic-Id", traceParent);
        json.WriteString("traceparent", traceParent);
        json.WriteEndObject();
    }

    private static void CheckId(OutgoingMessage message, string property, string id)
    {
        if (id.Length is 0 or > LongestId)
        {
            throw new MessagingException(
                $"{property} of message {message.MessageId} has {id.Length} characters; 1 to {LongestId} are allowed.", isRejection: true);
        }
    }

    private static MessagingException TooLarge(OutgoingMessage message, int bytes) =>
        new($"Message {message.MessageId} has {bytes} bytes; the limit is {LargestBatch}.", isRejection: true);

    /// <summary>RFC 1123 dates have no fraction; rounding up keeps "not before".</summary>
    private static DateTimeOffset WholeSecond(DateTimeOffset time) =>
        new((time.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
