namespace Hexabase.Local.Durable;

/// <summary>The tables of the durable engine. Events are protobuf; times are Unix milliseconds unless said.</summary>
public static class DurableSchema
{
    /// <summary>Repeatable; to be given to <see cref="Sqlite.SqliteDatabase.Open"/>.</summary>
    /// <remarks>
    /// An instance's number is never given twice, so that what refers to one that is gone finds nothing. A row of durable_history is
    /// what one turn added, in the form of the past of a request: the rows one after the other are the past. What is meant for one
    /// execution of an instance names it: continued as new, the instance has another.
    /// </remarks>
    public const string Sql = """
        create table if not exists durable_instances (
            number integer primary key autoincrement,
            id text not null unique,
            execution text not null,
            name text not null,
            status integer not null,
            input text,
            output text,
            custom_status text,
            parent_number integer,
            parent blob,
            created_at integer not null,
            updated_at integer not null);
        create index if not exists durable_instances_parent on durable_instances (parent_number) where parent_number is not null;

        create table if not exists durable_history (
            id integer primary key,
            instance integer not null,
            events blob not null);
        create index if not exists durable_history_instance on durable_history (instance);

        create table if not exists durable_messages (
            id integer primary key,
            instance integer not null,
            execution text,
            ahead integer not null,
            event blob not null);
        create index if not exists durable_messages_instance on durable_messages (instance);

        create table if not exists durable_activities (
            id integer primary key,
            instance integer not null,
            instance_id text not null,
            execution text not null,
            task integer not null,
            name text not null,
            input text,
            cut_off integer not null default 0);

        -- fire_at: ticks of .NET, so that the event says to the last digit what the orchestration asked for.
        create table if not exists durable_timers (
            id integer primary key,
            instance integer not null,
            execution text not null,
            timer integer not null,
            fire_at integer not null);
        create index if not exists durable_timers_due on durable_timers (fire_at);
        create index if not exists durable_timers_instance on durable_timers (instance);
        """;
}
