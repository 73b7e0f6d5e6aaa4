namespace Hexabase.Domain.Messaging;
public interface IMessageSender { Task Send(string queue, IReadOnlyList<OutgoingMessage> messages, CancellationToken ct); }
public sealed record OutgoingMessage { public required string MessageId { get; init; } public string? SessionId { get; init; } public string? CorrelationId { get; init; } public required ReadOnlyMemory<byte> Body { get; init; } public DateTimeOffset? ScheduledEnqueueTime { get; init; } }
public sealed class MessagingException(string m) : Exception(m);
