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
    /// <exception cref="JsonException">A value has the wrong type.</exception>
    public static ServiceBusSettings Read(JsonElement hostJson, string keyName, string key)
    {
        var settings = new ServiceBusSettings(keyName, key);
        if (!hostJson.TryGetProperty("extensions", out var extensions) || !extensions.TryGetProperty("serviceBus", out var section))
            return settings;
        var read = section.Deserialize<HostJsonSection>(JsonSerializerOptions.Web)!;
        return settings with
        {
            MaxConcurrentSessions = read.MaxConcurrentSessions ?? settings.MaxConcurrentSessions,
            MaxConcurrentCalls = read.MaxConcurrentCalls ?? settings.MaxConcurrentCalls,
            MaxMessageBatchSize = read.MaxMessageBatchSize ?? settings.MaxMessageBatchSize,
            Queues = new Dictionary<string, QueueSettings>(read.Queues ?? [], StringComparer.OrdinalIgnoreCase),
        };
    }

    private sealed record HostJsonSection(
        int? MaxConcurrentSessions, int? MaxConcurrentCalls, int? MaxMessageBatchSize, Dictionary<string, QueueSettings>? Queues);
}

/// <summary>What Azure fixes when a queue is created, with Azure's defaults.</summary>
public sealed record QueueSettings
{
    /// <summary>What a receiver is told its lock lasts; it is renewed for as long as the function runs. Default: 1 minute.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Deliveries that may fail before a message is dead-lettered. Default: 10.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>How long a MessageId is remembered; zero turns duplicate detection off. Default: 10 minutes.</summary>
    public TimeSpan DuplicateDetectionHistoryTimeWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Longest time to live, and the one of messages whose sender says nothing. Null, the default: no limit.</summary>
    public TimeSpan? DefaultMessageTimeToLive { get; init; }
}
