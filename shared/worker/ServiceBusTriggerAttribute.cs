namespace Hexabase.Worker;

/// <summary>
/// The function runs on the messages of a Service Bus queue: one at a time on a <see cref="ServiceBusReceivedMessage"/> parameter, or
/// many on a <c>ServiceBusReceivedMessage[]</c> or <c>IReadOnlyList&lt;ServiceBusReceivedMessage&gt;</c>. Bodies are taken as UTF-8 text;
/// a single body that is not, comes whole on a <c>byte[]</c> parameter, without metadata.
/// </summary>
/// <remarks>
/// Delivery is at least once. Returning completes the message (or the whole batch), throwing abandons it: it comes back at once,
/// first in its session, until the queue's maximum of deliveries moves it to the dead-letter queue. Nothing else can be settled.
/// </remarks>
/// <param name="queueName">The queue, or <c>%SETTING%</c>.</param>
public sealed class ServiceBusTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    public string QueueName { get; } = queueName;

    /// <summary>The app setting that holds the connection string, or the prefix of identity settings.</summary>
    public string Connection { get; set; } = "ServiceBus";

    /// <summary>The queue has sessions: within a session one invocation at a time, in order. Default: false.</summary>
    public bool IsSessionsEnabled { get; set; }

    /// <summary>
    /// Messages come in batches, each from one session where there are sessions; an instance on Azure then serves one session at a time
    /// and renews no lock. Default: false.
    /// </summary>
    public bool IsBatched { get; set; }
}
