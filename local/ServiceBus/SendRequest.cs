using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hexabase.Local.Functions;
using Microsoft.Net.Http.Headers;

namespace Hexabase.Local.ServiceBus;

/// <summary>Why messages are not taken in.</summary>
/// <param name="Status">HTTP status.</param>
public sealed record SendRefusal(int Status, string Detail)
{
    public static SendRefusal Bad(string detail) => new(StatusCodes.Status400BadRequest, detail);
}

/// <summary>Reads the two forms of a send request. All messages are checked before any is taken in.</summary>
public static class SendRequest
{
    /// <summary>The content type that makes a request a batch: exactly this, without charset.</summary>
    public const string BatchContentType = "application/vnd.microsoft.servicebus.json";

    private const string BrokerPropertiesHeader = "BrokerProperties";
    private const int LongestId = 128;

    /// <summary>Headers that are about the request, not about the message.</summary>
    private static readonly HashSet<string> RequestHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        BrokerPropertiesHeader, HeaderNames.Accept, HeaderNames.AcceptCharset, HeaderNames.AcceptEncoding, HeaderNames.AcceptLanguage,
        HeaderNames.Authorization, HeaderNames.CacheControl, HeaderNames.Connection, HeaderNames.ContentEncoding, HeaderNames.ContentLength,
        HeaderNames.ContentType, HeaderNames.Cookie, HeaderNames.Date, HeaderNames.Expect, HeaderNames.Host, HeaderNames.KeepAlive,
        HeaderNames.Origin, HeaderNames.Pragma, HeaderNames.Referer, HeaderNames.TE, HeaderNames.Trailer, HeaderNames.TransferEncoding,
        HeaderNames.Upgrade, HeaderNames.UserAgent, HeaderNames.Via,
    };

    /// <summary>Null with the messages, or the refusal.</summary>
    public static SendRefusal? Read(
        BusQueue queue, IHeaderDictionary headers, ReadOnlySequence<byte> body, out IReadOnlyList<IncomingMessage> messages)
    {
        messages = [];
        try
        {
            var batch = string.Equals(headers.ContentType, BatchContentType, StringComparison.OrdinalIgnoreCase);
            var read = batch ? ReadBatch(body) : [ReadSingle(headers, body)];
            var accepted = new List<IncomingMessage>(read.Length);
            foreach (var message in read)
            {
                if (Check(queue, message, out var incoming) is { } refusal)
                    return refusal;
                accepted.Add(incoming);
            }
            messages = accepted;
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter for text with half a surrogate pair
        {
            return SendRefusal.Bad($"The request is not well-formed: {e.Message}");
        }
    }

    private static BatchedMessage[] ReadBatch(ReadOnlySequence<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var batch = JsonSerializer.Deserialize(ref reader, WireJson.Default.BatchedMessageArray);
        return batch is not null && Array.TrueForAll(batch, m => m is { Body: not null })
            ? batch
            : throw new JsonException("A batch is an array of messages, each with a Body.");
    }

    private static BatchedMessage ReadSingle(IHeaderDictionary headers, ReadOnlySequence<byte> body)
    {
        var properties = (string?)headers[BrokerPropertiesHeader] is { Length: > 0 } json
            ? JsonSerializer.Deserialize(json, WireJson.Default.BrokerProperties) ?? throw new JsonException("BrokerProperties is null.")
            : new BrokerProperties();
        var custom = headers
            .Where(h => !RequestHeaders.Contains(h.Key) && !h.Key.StartsWith("x-ms-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key, h => CustomProperty(h.Value.ToString()), StringComparer.OrdinalIgnoreCase);
        return new BatchedMessage(
            body.ToArray(),
            properties with { ContentType = headers.ContentType },
            custom.Count == 0 ? null : JsonSerializer.SerializeToElement(custom));
    }

    /// <summary>Numbers, booleans and strings in double quotes are JSON; other text is taken as a string.</summary>
    private static JsonElement CustomProperty(string text)
    {
        try
        {
            var value = JsonElement.Parse(text);
            if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                return value;
        }
        catch (JsonException)
        {
            // Not JSON: plain text, as below.
        }
        return JsonSerializer.SerializeToElement(text);
    }

    private static SendRefusal? Check(BusQueue queue, BatchedMessage message, out IncomingMessage incoming)
    {
        incoming = null!;
        var properties = message.BrokerProperties ?? new BrokerProperties();
        if (queue.HasSessions && properties.SessionId is not { Length: > 0 })
            return SendRefusal.Bad("SessionId is required by a queue with sessions.");
        if (properties is { SessionId: { } session, PartitionKey: { } partition } && session != partition)
            return SendRefusal.Bad("PartitionKey must equal SessionId.");
        if (IsTooLong(properties.MessageId) || IsTooLong(properties.SessionId) || IsTooLong(properties.PartitionKey))
            return SendRefusal.Bad($"MessageId, SessionId and PartitionKey have at most {LongestId} characters.");
        if (message.UserProperties is { ValueKind: not JsonValueKind.Object })
            return SendRefusal.Bad("UserProperties is an object.");
        var userProperties = message.UserProperties?.GetRawText() ?? "{}";
        if (message.UserProperties is { } given && !JsonText.IsWhole(given, Encoding.UTF8.GetBytes(userProperties)))
            return SendRefusal.Bad("UserProperties holds half a surrogate pair.");
        if (!TryReadDueAt(properties.ScheduledEnqueueTimeUtc, out var dueAt))
            return SendRefusal.Bad("ScheduledEnqueueTimeUtc is no date.");
        if (!TryReadTimeToLive(properties, queue.Settings.DefaultMessageTimeToLive, out var timeToLive))
            return SendRefusal.Bad("TimeToLive is no time above zero.");
        var stored = properties with
        {
            MessageId = properties.MessageId is { Length: > 0 } id ? id : Guid.NewGuid().ToString("N"),
            PartitionKey = properties.PartitionKey ?? properties.SessionId,
            ScheduledEnqueueTimeUtc = null,
            TimeToLive = null,
            TimeToLiveTimeSpan = null,
        };
        incoming = new IncomingMessage(stored, userProperties, message.Body!, dueAt, timeToLive);
        return null;
    }

    private static bool IsTooLong(string? id) => id?.Length > LongestId;

    private static bool TryReadDueAt(string? text, out DateTimeOffset? dueAt)
    {
        dueAt = null;
        if (text is null)
            return true;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var parsed))
            return false;
        dueAt = parsed;
        return true;
    }

    private static bool TryReadTimeToLive(BrokerProperties properties, TimeSpan? limit, out TimeSpan? timeToLive)
    {
        timeToLive = limit;
        TimeSpan asked;
        if (properties.TimeToLive is { } seconds)
            asked = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.MaxValue.TotalSeconds / 2));
        else if (properties.TimeToLiveTimeSpan is null)
            return true;
        else if (!TimeSpan.TryParse(properties.TimeToLiveTimeSpan, CultureInfo.InvariantCulture, out asked))
            return false;
        // Azure's "unlimited" is the longest time span there is; added to a date it would overflow.
        if (asked < TimeSpan.FromDays(365_000))
            timeToLive = limit < asked ? limit : asked;
        return asked > TimeSpan.Zero;
    }
}

/// <summary>One message of a batch, as it is spelled on the wire.</summary>
/// <param name="Body">The text's UTF-8 bytes.</param>
public sealed record BatchedMessage(
    [property: JsonConverter(typeof(Utf8TextConverter))] byte[]? Body, BrokerProperties? BrokerProperties, JsonElement? UserProperties);

/// <summary>A JSON string as the bytes of its text, without making a string of it first.</summary>
public sealed class Utf8TextConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("Body is a string.");
        var buffer = new byte[reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length];
        var length = reader.CopyString(buffer);
        return length == buffer.Length ? buffer : buffer[..length];
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
