using System.Text.Json.Serialization;

namespace Hexabase.Local.ServiceBus;

/// <summary>The properties of a message that a sender may set, as they are spelled on the wire; others are ignored.</summary>
public sealed record BrokerProperties
{
    public string? MessageId { get; init; }

    public string? SessionId { get; init; }

    public string? PartitionKey { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>Also called the subject.</summary>
    public string? Label { get; init; }

    public string? ReplyTo { get; init; }

    public string? ReplyToSessionId { get; init; }

    public string? To { get; init; }

    public string? ContentType { get; init; }

    /// <summary>RFC 1123 or ISO 8601; not stored, it becomes <see cref="IncomingMessage.DueAt"/>.</summary>
    public string? ScheduledEnqueueTimeUtc { get; init; }

    /// <summary>Seconds; not stored, it becomes <see cref="IncomingMessage.TimeToLive"/>.</summary>
    public double? TimeToLive { get; init; }

    /// <summary>The same as <c>hh:mm:ss</c>, the form of a batch.</summary>
    public string? TimeToLiveTimeSpan { get; init; }
}

/// <summary>A message that a sender hands in.</summary>
/// <param name="Properties">With <see cref="BrokerProperties.MessageId"/> set, by the sender or here.</param>
/// <param name="ApplicationProperties">A JSON object.</param>
/// <param name="DueAt">Invisible until then; null for at once.</param>
/// <param name="TimeToLive">How long it may wait once it is visible; null for ever.</param>
public sealed record IncomingMessage(
    BrokerProperties Properties, string ApplicationProperties, byte[] Body, DateTimeOffset? DueAt, TimeSpan? TimeToLive);

/// <summary>A message that is locked for a receiver.</summary>
/// <param name="Sequence">Its place: unique, ascending, given when it became visible.</param>
/// <param name="ApplicationProperties">A JSON object.</param>
/// <param name="DeliveryCount">This delivery included: 1 the first time.</param>
public sealed record BusMessage(
    long Sequence,
    BrokerProperties Properties,
    string ApplicationProperties,
    byte[] Body,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset? ExpiresAt,
    int DeliveryCount);

/// <summary>How a delivery ended.</summary>
/// <param name="Error">Null completes the messages; a text abandons them, and is kept with those that have had their last delivery.</param>
public sealed record Settlement(IReadOnlyList<BusMessage> Messages, string? Error);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BrokerProperties))]
[JsonSerializable(typeof(BatchedMessage[]))]
internal sealed partial class WireJson : JsonSerializerContext;
