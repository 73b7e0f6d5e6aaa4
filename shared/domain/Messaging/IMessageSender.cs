namespace Hexabase.Domain.Messaging;

/// <summary>Sends messages to queues.</summary>
public interface IMessageSender
{
    /// <summary>
    /// Sends messages in their order. When it returns the queue has all of them on disk. When it throws, some may have been taken:
    /// sending the same again is harmless, since a queue drops a <see cref="OutgoingMessage.MessageId"/> it has seen in its window.
    /// </summary>
    /// <exception cref="MessagingException">Not all were taken, or it is not known whether they were.</exception>
    Task Send(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken ct);
}

/// <summary>A message to send.</summary>
/// <param name="MessageId">1–128 characters, made from what the message is about: a repeat in the queue's window is dropped.</param>
/// <param name="SessionId">1–128 characters; its messages are delivered in order. Null for a queue without sessions.</param>
/// <param name="Body">JSON as UTF-8.</param>
/// <param name="Subject">What kind of message it is, for people.</param>
/// <param name="ScheduledEnqueueTime">Not delivered before; rounded up to a whole second. Null for at once.</param>
/// <param name="TraceParent">W3C trace context of the request that it comes from; the queue's own spans join that trace.</param>
public sealed record OutgoingMessage(
    string MessageId,
    string? SessionId,
    ReadOnlyMemory<byte> Body,
    string CorrelationId,
    string? Subject = null,
    DateTimeOffset? ScheduledEnqueueTime = null,
    string? TraceParent = null);

/// <summary>Messages could not be sent.</summary>
/// <param name="isRejection">See <see cref="IsRejection"/>.</param>
public sealed class MessagingException(string message, bool isRejection, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// True: one of the messages is never taken, whatever becomes of the queue. False: sending the same later may work, by itself or after
    /// somebody has changed something about the queue.
    /// </summary>
    public bool IsRejection { get; } = isRejection;
}
