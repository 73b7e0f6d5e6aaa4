namespace Hexabase.Local.ServiceBus;

/// <summary>The tables of the local Service Bus. Times are Unix milliseconds.</summary>
public static class ServiceBusSchema
{
    /// <summary>What every kind of stored message has.</summary>
    private const string Message = """
        queue text not null,
        session text not null,
        properties text not null,
        application_properties text not null,
        body blob not null
        """;

    /// <summary>Repeatable; to be given to <see cref="Sqlite.SqliteDatabase.Open"/>.</summary>
    public const string Sql = $"""
        create table if not exists bus_messages (
            sequence integer primary key autoincrement,
            {Message},
            enqueued_at integer not null,
            expires_at integer,
            delivery_count integer not null default 0,
            locked integer not null default 0);
        create index if not exists bus_messages_session on bus_messages (queue, session, sequence);
        create index if not exists bus_messages_expiry on bus_messages (expires_at) where expires_at is not null;

        create table if not exists bus_scheduled (
            id integer primary key,
            {Message},
            due_at integer not null,
            time_to_live integer);
        create index if not exists bus_scheduled_due on bus_scheduled (due_at, id);

        create table if not exists bus_dead_letters (
            sequence integer primary key,
            {Message},
            enqueued_at integer not null,
            time_to_live integer,
            delivery_count integer not null,
            dead_lettered_at integer not null,
            reason text not null,
            description text not null);
        create index if not exists bus_dead_letters_queue on bus_dead_letters (queue, sequence);

        create table if not exists bus_history (
            queue text not null,
            message_id text not null,
            until integer not null,
            primary key (queue, message_id)) without rowid;
        create index if not exists bus_history_until on bus_history (until);
        """;
}
