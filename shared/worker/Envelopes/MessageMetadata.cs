using System.Numerics;

namespace Hexabase.Worker.Envelopes;

/// <summary>The metadata that a <see cref="ServiceBusReceivedMessage"/> is made from, as the host names it.</summary>
[Flags]
internal enum MessageMetadata
{
    None = 0,
    MessageId = 1,
    SessionId = 2,
    DeliveryCount = 4,
    EnqueuedTimeUtc = 8,
    CorrelationId = 16,
    Subject = 32,
    SequenceNumber = 64,
    ContentType = 128,
    ApplicationProperties = 256,
    All = 511,
}

/// <summary>Names of <see cref="MessageMetadata"/>.</summary>
internal static class MessageMetadataNames
{
    /// <summary>In the order of their bits.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Enum.GetValues<MessageMetadata>().Where(m => BitOperations.IsPow2((int)m)).Select(m => m.ToString())];

    /// <summary>Position of a single flag in <see cref="All"/>.</summary>
    public static int Index(this MessageMetadata single) => BitOperations.TrailingZeroCount((int)single);
}
