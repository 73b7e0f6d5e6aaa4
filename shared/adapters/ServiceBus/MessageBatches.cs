using System.Buffers;
using System.Diagnostics;
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

    /// <summary>What the Azure SDK calls the property with the W3C trace context.</summary>
    private const string TraceProperty = "Diagnostic-Id";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The batches in order; each is a JSON array.</summary>
    /// <exception cref="MessagingException">One message alone is too large.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Write(IReadOnlyList<OutgoingMessage> messages)
    {
        var batches = new List<ReadOnlyMemory<byte>>(1);
        var batch = new ArrayBufferWriter<byte>();
        var one = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(one, Relaxed);
        foreach (var message in messages)
        {
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
        WriteProperties(json, message.ApplicationProperties);
        json.WriteEndObject();
    }

    private static void WriteProperties(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? properties)
    {
        var trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;
        if (trace is null && properties is null or { Count: 0 })
            return;
        json.WriteStartObject("UserProperties");
        foreach (var (name, value) in properties ?? new Dictionary<string, string>(StringComparer.Ordinal))
            json.WriteString(name, value);
        if (trace is not null)
            json.WriteString(TraceProperty, trace);
        json.WriteEndObject();
    }

    private static MessagingException TooLarge(OutgoingMessage message, int bytes) =>
        new($"Message {message.MessageId} has {bytes} bytes; the limit is {LargestBatch}.", isTransient: false);

    /// <summary>RFC 1123 dates have no fraction; rounding up keeps "not before".</summary>
    private static DateTimeOffset WholeSecond(DateTimeOffset time) =>
        new((time.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
