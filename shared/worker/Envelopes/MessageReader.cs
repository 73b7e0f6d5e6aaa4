using System.Globalization;
using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>Reads the value and metadata of a Service Bus binding. Metadata never fails an invocation: what cannot be read is unknown.</summary>
internal static class MessageReader
{
    /// <summary>Cardinality one, text: the metadata that the body may have forged is left out.</summary>
    public static ServiceBusReceivedMessage One(JsonElement data, JsonElement metadata)
    {
        var body = DoubleEncoding.Bytes(data);
        return Message(body, new MetadataOfOne(metadata, ForgedMetadata.By(body)));
    }

    /// <summary>Cardinality one, binary: the host sends bytes as base64.</summary>
    public static byte[] OneBinary(JsonElement data) =>
        data.ValueKind == JsonValueKind.String && data.TryGetBytesFromBase64(out var bytes) ? bytes : DoubleEncoding.Bytes(data);

    /// <summary>Cardinality many: the host sends all bodies as one array. Bodies in an array cannot forge metadata.</summary>
    /// <exception cref="JsonException">The value is not an array of bodies.</exception>
    public static ServiceBusReceivedMessage[] Many(JsonElement data, JsonElement metadata)
    {
        using var bodies = HostArray.Read(data);
        if (!bodies.IsArray)
            throw new JsonException("The value of a batch is not an array.");
        using var columns = new MetadataColumns(metadata);
        var messages = new ServiceBusReceivedMessage[bodies.Count];
        for (var i = 0; i < messages.Length; i++)
            messages[i] = Message(bodies.Utf8At(i), new MetadataOfRow(columns, i));
        return messages;
    }

    private static ServiceBusReceivedMessage Message<T>(byte[] body, T metadata) where T : struct, IMessageMetadata => new()
    {
        Body = new BinaryData(body),
        MessageId = metadata.Text(MessageMetadata.MessageId),
        SessionId = metadata.Text(MessageMetadata.SessionId),
        DeliveryCount = int.TryParse(metadata.Text(MessageMetadata.DeliveryCount), CultureInfo.InvariantCulture, out var deliveries) ? deliveries : 0,
        EnqueuedTime = HostDates.TryParse(metadata.Text(MessageMetadata.EnqueuedTimeUtc), out var enqueued) ? enqueued : default,
        CorrelationId = metadata.Text(MessageMetadata.CorrelationId),
        Subject = metadata.Text(MessageMetadata.Subject),
        SequenceNumber = long.TryParse(metadata.Text(MessageMetadata.SequenceNumber), CultureInfo.InvariantCulture, out var number) ? number : 0,
        ContentType = metadata.Text(MessageMetadata.ContentType),
        ApplicationProperties = metadata.Properties(),
    };
}
