namespace Hexabase.Worker;

/// <summary>A message of a Service Bus queue as the host hands it over.</summary>
/// <remarks>
/// Trust <see cref="Body"/> only. When the body is a JSON object the host lets its top-level properties overwrite the properties of the
/// message, whatever their case: a body <c>{"SessionId":"x"}</c> forges the session. A property that the body may have forged is
/// unknown here (null, or 0), never the forged value. Put what must be relied upon, session and ids too, into the body and check it there.
/// </remarks>
public sealed class ServiceBusReceivedMessage
{
    /// <summary>The body as it was sent.</summary>
    public required BinaryData Body { get; init; }

    /// <summary>Null when unknown.</summary>
    public string? MessageId { get; init; }

    /// <summary>Null when the queue has no sessions or it is unknown.</summary>
    public string? SessionId { get; init; }

    /// <summary>1 on the first delivery; 0 when unknown.</summary>
    public int DeliveryCount { get; init; }

    /// <summary>When the queue took the message, in whole seconds; the default value when unknown.</summary>
    public DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>Null when not set or unknown.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Null when not set or unknown.</summary>
    public string? Subject { get; init; }

    /// <summary>The queue's own number of the message; 0 when unknown.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>Null when not set or unknown.</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// What the sender attached: strings, booleans, <see cref="long"/> and <see cref="double"/> numbers; other types as the JSON text the
    /// host made of them. Empty when unknown.
    /// </summary>
    public IReadOnlyDictionary<string, object> ApplicationProperties { get; init; } = EmptyProperties;

    private static readonly IReadOnlyDictionary<string, object> EmptyProperties = new Dictionary<string, object>(StringComparer.Ordinal);
}
