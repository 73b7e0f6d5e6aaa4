using System.Text.Json;
using Hexabase.Sqlite;

namespace Hexabase.Local.ServiceBus;

/// <summary>
/// The messages of all queues in SQLite. What a method changes is durable when its task completes. A lock is a mark on the row that
/// only this process sets: it holds until it is settled, and <see cref="Recover"/> takes off what a process that died left behind.
/// </summary>
public sealed class QueueStore(SqliteDatabase database, TimeProvider clock)
{
    /// <summary>Longest description a dead letter keeps.</summary>
    private const int LongestDescription = 4_096;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public QueueCounts Count(string queue) => database.Read(session => new QueueCounts(
        session.Scalar("select count(*) from bus_messages where queue = $1", 0L, queue),
        session.Scalar("select count(*) from bus_scheduled where queue = $1", 0L, queue),
        session.Scalar("select count(*) from bus_dead_letters where queue = $1", 0L, queue)));

    /// <summary>
    /// Makes a queue's messages free again after a restart and lists its sessions that have some, the oldest message first. A message
    /// whose last permitted delivery was cut off is dead-lettered.
    /// </summary>
    public Task<IReadOnlyList<string>> Recover(BusQueue queue, CancellationToken ct) => database.Write(session =>
    {
        var spent = session.Query(
            "select sequence from bus_messages where queue = $1 and locked = 1 and delivery_count >= $2",
            row => row.GetInt64(0),
            queue.Name,
            queue.Settings.MaxDeliveryCount);
        foreach (var sequence in spent)
            DeadLetter(session, queue, sequence, "The host ended during the last delivery.");
        session.Execute("update bus_messages set locked = 0 where queue = $1 and locked = 1", queue.Name);
        return session.Query(
            "select session from bus_messages where queue = $1 group by session order by min(sequence)",
            row => row.GetString(0),
            queue.Name);
    }, ct);

    /// <summary>
    /// Takes in messages, all or none, dropping those whose id is remembered. For each of <paramref name="waiting"/>, sessions that have
    /// a receiver with nothing to do, what the receiver may start with at once is locked in the same write and returned; nothing is
    /// when older messages of the session come first.
    /// </summary>
    public Task<IReadOnlyDictionary<string, List<BusMessage>>> Append(
        BusQueue queue, IReadOnlyList<IncomingMessage> messages, IReadOnlyCollection<string> waiting, CancellationToken ct) =>
        database.Write<IReadOnlyDictionary<string, List<BusMessage>>>(session => Append(session, queue, messages, waiting), ct);

    /// <summary>
    /// In one write: settles what a receiver was given before, and locks what comes next for it, counting that delivery. Abandoned
    /// messages are free again at their old place, or dead-lettered after the last permitted delivery.
    /// </summary>
    /// <param name="most">Most messages to lock; 0 to settle only.</param>
    /// <returns>In order; empty when nothing waits.</returns>
    public Task<IReadOnlyList<BusMessage>> SettleAndLock(BusQueue queue, string sessionId, Settlement? previous, int most) =>
        database.Write(session =>
        {
            if (previous is not null)
                Settle(session, queue, previous);
            return most == 0 ? [] : Lock(session, queue, sessionId, most);
        });

    /// <summary>Makes scheduled messages visible whose time has come, in the order they are due, and removes expired ones.</summary>
    /// <param name="most">Most scheduled messages of one write.</param>
    /// <returns>The sessions that got messages, and when to come again; null when nothing is scheduled or expires.</returns>
    public Task<DueMessages> ActivateDue(int most, CancellationToken ct) => database.Write(session =>
    {
        var now = Now;
        var due = session.Query(
            "select id, queue, session from bus_scheduled where due_at <= $1 order by due_at, id limit $2",
            row => (Id: row.GetInt64(0), Queue: row.GetString(1), Session: row.GetString(2)),
            now,
            most);
        foreach (var (id, _, _) in due)
        {
            session.Execute(
                """
                insert into bus_messages (queue, session, properties, application_properties, body, enqueued_at, expires_at)
                select queue, session, properties, application_properties, body, $2, $2 + time_to_live from bus_scheduled where id = $1
                """,
                id,
                now);
            session.Execute("delete from bus_scheduled where id = $1", id);
        }
        session.Execute("delete from bus_messages where expires_at <= $1 and locked = 0", now);
        var nextDue = session.Scalar("select min(due_at) from bus_scheduled", long.MaxValue);
        var nextExpiry = session.Scalar("select min(expires_at) from bus_messages where expires_at > $1", long.MaxValue, now);
        var next = Math.Min(nextDue, nextExpiry);
        return new DueMessages(
            due.Select(d => (d.Queue, d.Session)).Distinct().ToList(),
            next == long.MaxValue ? null : DateTimeOffset.FromUnixTimeMilliseconds(next));
    }, ct);

    private Dictionary<string, List<BusMessage>> Append(
        SqliteSession session, BusQueue queue, IReadOnlyList<IncomingMessage> messages, IReadOnlyCollection<string> waiting)
    {
        var now = clock.GetUtcNow();
        var handedOver = waiting
            .Where(s => !HasFree(session, queue, s))
            .ToDictionary(s => s, _ => new List<BusMessage>(), StringComparer.Ordinal);
        foreach (var message in messages)
        {
            if (!Remember(session, queue, message, now))
                continue;
            if (message.DueAt > now)
                Schedule(session, queue, message, message.DueAt.Value);
            else if (handedOver.TryGetValue(queue.SessionOf(message.Properties), out var first) && first.Count < queue.BatchSize)
                first.Add(Insert(session, queue, message, now, deliveries: 1));
            else
                Insert(session, queue, message, now, deliveries: 0);
        }
        Forget(session, now, 2 * messages.Count);
        return handedOver;
    }

    private static bool HasFree(SqliteSession session, BusQueue queue, string sessionId) => session.Scalar(
        "select exists (select 1 from bus_messages where queue = $1 and session = $2 and locked = 0)", 0L, queue.Name, sessionId) == 1;

    /// <summary>False when the id is remembered from a message before.</summary>
    private static bool Remember(SqliteSession session, BusQueue queue, IncomingMessage message, DateTimeOffset now)
    {
        var window = queue.Settings.DuplicateDetectionHistoryTimeWindow;
        if (window <= TimeSpan.Zero)
            return true;
        return session.Execute(
            """
            insert into bus_history (queue, message_id, until) values ($1, $2, $3)
            on conflict (queue, message_id) do update set until = excluded.until where until <= $4
            """,
            queue.Name,
            message.Properties.MessageId,
            (now + window).ToUnixTimeMilliseconds(),
            now.ToUnixTimeMilliseconds()) == 1;
    }

    /// <summary>Removes a little of the history that is over, so that it never grows beyond its window nor costs a long pause.</summary>
    private static void Forget(SqliteSession session, DateTimeOffset now, int most) => session.Execute(
        """
        delete from bus_history where (queue, message_id) in
            (select queue, message_id from bus_history where until <= $1 order by until limit $2)
        """,
        now.ToUnixTimeMilliseconds(),
        most);

    private static BusMessage Insert(SqliteSession session, BusQueue queue, IncomingMessage message, DateTimeOffset now, int deliveries)
    {
        var expiresAt = now + message.TimeToLive;
        var sequence = session.Scalar(
            """
            insert into bus_messages
                (queue, session, properties, application_properties, body, enqueued_at, expires_at, delivery_count, locked)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $8) returning sequence
            """,
            0L,
            queue.Name,
            queue.SessionOf(message.Properties),
            JsonSerializer.Serialize(message.Properties, WireJson.Default.BrokerProperties),
            message.ApplicationProperties,
            message.Body,
            now.ToUnixTimeMilliseconds(),
            expiresAt?.ToUnixTimeMilliseconds(),
            deliveries);
        return new BusMessage(sequence, message.Properties, message.ApplicationProperties, message.Body, now, expiresAt, deliveries);
    }

    private static void Schedule(SqliteSession session, BusQueue queue, IncomingMessage message, DateTimeOffset dueAt) => session.Execute(
        """
        insert into bus_scheduled (queue, session, properties, application_properties, body, due_at, time_to_live)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        queue.Name,
        queue.SessionOf(message.Properties),
        JsonSerializer.Serialize(message.Properties, WireJson.Default.BrokerProperties),
        message.ApplicationProperties,
        message.Body,
        dueAt.ToUnixTimeMilliseconds(),
        (long?)message.TimeToLive?.TotalMilliseconds);

    /// <summary>What is abandoned after it expired is gone, for nobody may have it any more.</summary>
    private void Settle(SqliteSession session, BusQueue queue, Settlement settlement)
    {
        var now = clock.GetUtcNow();
        foreach (var message in settlement.Messages)
        {
            if (settlement.Error is null || message.ExpiresAt <= now)
                session.Execute("delete from bus_messages where sequence = $1", message.Sequence);
            else if (message.DeliveryCount >= queue.Settings.MaxDeliveryCount)
                DeadLetter(session, queue, message.Sequence, settlement.Error);
            else
                session.Execute("update bus_messages set locked = 0 where sequence = $1", message.Sequence);
        }
    }

    private IReadOnlyList<BusMessage> Lock(SqliteSession session, BusQueue queue, string sessionId, int most)
    {
        var locked = session.Query(
            """
            update bus_messages set locked = 1, delivery_count = delivery_count + 1 where sequence in
                (select sequence from bus_messages
                 where queue = $1 and session = $2 and locked = 0 and (expires_at is null or expires_at > $3)
                 order by sequence limit $4)
            returning sequence, properties, application_properties, body, enqueued_at, expires_at, delivery_count
            """,
            Read,
            queue.Name,
            sessionId,
            Now,
            most);
        // SQLite returns the rows of an update in no promised order.
        return locked.Count > 1 ? locked.OrderBy(m => m.Sequence).ToList() : locked;
    }

    private void DeadLetter(SqliteSession session, BusQueue queue, long sequence, string error)
    {
        var description = $"Message could not be consumed after {queue.Settings.MaxDeliveryCount} delivery attempts. Last error: {error}";
        session.Execute(
            """
            insert into bus_dead_letters
                (sequence, queue, session, properties, application_properties, body, enqueued_at, time_to_live, delivery_count,
                 dead_lettered_at, reason, description)
            select sequence, queue, session, properties, application_properties, body, enqueued_at, expires_at - enqueued_at,
                delivery_count, $2, $3, $4
            from bus_messages where sequence = $1
            """,
            sequence,
            Now,
            DeadLetterReasons.MaxDeliveryCountExceeded,
            description.Length > LongestDescription ? description[..LongestDescription] : description);
        session.Execute("delete from bus_messages where sequence = $1", sequence);
    }

    private static BusMessage Read(SqliteRow row) => new(
        row.GetInt64(0),
        JsonSerializer.Deserialize(row.GetString(1), WireJson.Default.BrokerProperties)!,
        row.GetString(2),
        row.GetFieldValue<byte[]>(3),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
        row.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        row.GetInt32(6));
}

/// <summary>How much is in a queue.</summary>
/// <param name="Active">Visible or being delivered.</param>
/// <param name="Scheduled">Not visible yet.</param>
public sealed record QueueCounts(long Active, long Scheduled, long DeadLettered);

/// <summary>What became visible.</summary>
/// <param name="Sessions">Where, each once.</param>
/// <param name="Next">When something is due or expires next; null for never.</param>
public readonly record struct DueMessages(IReadOnlyList<(string Queue, string Session)> Sessions, DateTimeOffset? Next);
