using System.Text.Json;

namespace Hexabase.Local.ServiceBus;

/// <summary>What the local Service Bus is told from outside.</summary>
/// <param name="KeyName">Name of the only shared access rule (<c>skn</c>); it may send.</param>
/// <param name="Key">Its key, used as it is spelled, not base64-decoded.</param>
public sealed record ServiceBusSettings(string KeyName, string Key)
{
    /// <summary>Sessions of one queue that have a receiver at the same time. Default: 8.</summary>
    public int MaxConcurrentSessions { get; init; } = 8;

    /// <summary>Invocations at the same time for one queue without sessions. Default: 16 for each core.</summary>
    public int MaxConcurrentCalls { get; init; } = 16 * Environment.ProcessorCount;

    /// <summary>Most messages of one invocation where the binding's cardinality is many. Default: 1,000.</summary>
    public int MaxMessageBatchSize { get; init; } = 1_000;

    /// <summary>Settings of the queues that differ from the defaults, by name in any case.</summary>
    public IReadOnlyDictionary<string, QueueSettings> Queues { get; init; } =
        new Dictionary<string, QueueSettings>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Reads <c>extensions.serviceBus</c> of host.json. Beside what Azure reads there it may hold
    /// <c>"queues": {"runs": {"maxDeliveryCount": 5}}</c>, which Azure ignores: there a queue is set up where it is created.
    /// </summary>
    /// <exception cref="CannotStartException">A value has the wrong type or is below what makes sense.</exception>
    public static ServiceBusSettings Read(JsonElement hostJson, string keyName, string key)
    {
        try
        {
            return new ServiceBusSettings(keyName, key).With(hostJson);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new CannotStartException($"extensions.serviceBus of host.json cannot be used: {e.Message}", e);
        }
    }

    private ServiceBusSettings With(JsonElement hostJson)
    {
        if (!hostJson.TryGetProperty("extensions", out var extensions) || !extensions.TryGetProperty("serviceBus", out var section))
            return this;
        var read = section.Deserialize<HostJsonSection>(JsonSerializerOptions.Web) ?? throw new FormatException("it is null.");
        if ((read.MaxConcurrentSessions ?? 1) < 1 || (read.MaxConcurrentCalls ?? 1) < 1 || (read.MaxMessageBatchSize ?? 1) < 1)
            throw new FormatException("maxConcurrentSessions, maxConcurrentCalls and maxMessageBatchSize are at least 1.");
        return this with
        {
            MaxConcurrentSessions = read.MaxConcurrentSessions ?? MaxConcurrentSessions,
            MaxConcurrentCalls = read.MaxConcurrentCalls ?? MaxConcurrentCalls,
            MaxMessageBatchSize = read.MaxMessageBatchSize ?? MaxMessageBatchSize,
            Queues = new Dictionary<string, QueueSettings>(read.Queues ?? [], StringComparer.OrdinalIgnoreCase),
        };
    }

    private sealed record HostJsonSection(
        int? MaxConcurrentSessions, int? MaxConcurrentCalls, int? MaxMessageBatchSize, Dictionary<string, QueueSettings>? Queues);
}

/// <summary>What Azure fixes when a queue is created, with Azure's defaults.</summary>
public sealed record QueueSettings
{
    /// <summary>
    /// What a receiver is told its lock lasts. Nothing depends on it: a message is held for as long as its function runs, and its lock
    /// never expires meanwhile. Default: 1 minute.
    /// </summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries that may fail before a message is dead-lettered. Default: 10.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>How long a MessageId is remembered; zero turns duplicate detection off. Default: 10 minutes.</summary>
    public TimeSpan DuplicateDetectionHistoryTimeWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest time to live, and the one of messages whose sender says nothing. Null, the default: no limit.</summary>
    public TimeSpan? DefaultMessageTimeToLive { get; init; }
}
