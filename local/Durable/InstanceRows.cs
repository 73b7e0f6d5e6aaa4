using Hexabase.Sqlite;

namespace Hexabase.Local.Durable;

/// <summary>What belongs to an instance in the store and goes with it.</summary>
internal static class InstanceRows
{
    /// <summary>Deletes an instance with its history. Activities that it scheduled run all the same.</summary>
    public static void Delete(SqliteSession session, long number)
    {
        DeleteWaiting(session, number);
        session.Execute("delete from durable_history where instance = $1", number);
        session.Execute("delete from durable_instances where number = $1", number);
    }

    /// <summary>Deletes what was on its way to an instance.</summary>
    public static void DeleteWaiting(SqliteSession session, long number)
    {
        session.Execute("delete from durable_messages where instance = $1", number);
        session.Execute("delete from durable_timers where instance = $1", number);
    }
}
