using System.Text;
using System.Text.Json;
using Hexabase.Sqlite;

namespace Hexabase.Local.ServiceBus;

/// <summary>Why a message is dead, as Azure spells it.</summary>
public static class DeadLetterReasons
{
    public const string MaxDeliveryCountExceeded = "MaxDeliveryCountExceeded";
}

/// <summary>A message that could not be delivered.</summary>
/// <param name="Sequence">The number it had in its queue; names it here.</param>
/// <param name="Body">As text.</param>
public sealed record DeadLetter(
    long Sequence,
    string MessageId,
    string? SessionId,
    string? Subject,
    string? CorrelationId,
    JsonElement ApplicationProperties,
    string Body,
    int DeliveryCount,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset DeadLetteredAt,
    string DeadLetterReason,
    string DeadLetterErrorDescription);

/// <summary>The dead letters of all queues. Nobody removes them but the operator.</summary>
public sealed class DeadLetterStore(SqliteDatabase database, TimeProvider clock)
{
    /// <summary>Dead letters in the order of their numbers, beginning after one.</summary>
    public IReadOnlyList<DeadLetter> List(string queue, long after, int limit) => database.Read(session => session.Query(
        """
        select sequence, properties, application_properties, body, delivery_count, enqueued_at, dead_lettered_at, reason, description
        from bus_dead_letters where queue = $1 and sequence > $2 order by sequence limit $3
        """,
        row =>
        {
            var properties = JsonSerializer.Deserialize(row.GetString(1), WireJson.Default.BrokerProperties)!;
            return new DeadLetter(
                row.GetInt64(0),
                properties.MessageId!,
                properties.SessionId,
                properties.Label,
                properties.CorrelationId,
                JsonElement.Parse(row.GetString(2)),
                Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(3)),
                row.GetInt32(4),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
                row.GetString(7),
                row.GetString(8));
        },
        queue,
        after,
        limit));

    /// <summary>Moves a dead letter back, as a new message with a new number and no deliveries. Null when there is none.</summary>
    public Task<(long Sequence, string Session)?> Resubmit(string queue, long sequence, CancellationToken ct) =>
        database.Write<(long, string)?>(session =>
        {
            var moved = session.Query(
                """
                insert into bus_messages (queue, session, properties, application_properties, body, enqueued_at, expires_at)
                select queue, session, properties, application_properties, body, $3, $3 + time_to_live
                from bus_dead_letters where queue = $1 and sequence = $2
                returning sequence, session
                """,
                row => (row.GetInt64(0), row.GetString(1)),
                queue,
                sequence,
                clock.GetUtcNow().ToUnixTimeMilliseconds());
            session.Execute("delete from bus_dead_letters where queue = $1 and sequence = $2", queue, sequence);
            return moved.Count == 1 ? moved[0] : null;
        }, ct);

    /// <summary>False when there is none.</summary>
    public Task<bool> Delete(string queue, long sequence, CancellationToken ct) => database.Write(
        session => session.Execute("delete from bus_dead_letters where queue = $1 and sequence = $2", queue, sequence) == 1, ct);
}
