using System.Globalization;
using Hexabase.Sqlite;

namespace Hexabase.Local.Timers;

/// <summary>The status of each timer in the platform's database.</summary>
public sealed class TimerStatuses(SqliteDatabase database)
{
    public const string Schema = """
        create table if not exists timers(
            function     text not null primary key,
            schedule     text not null,
            last         text not null,
            next         text not null,
            last_updated text not null
        ) without rowid;
        """;

    public TimerStatus? Find(string function) =>
        database.Read(s => s.Query(
            "select schedule, last, next, last_updated from timers where function = $1",
            row => new TimerStatus(row.GetString(0), Time(row.GetString(1)), Time(row.GetString(2)), Time(row.GetString(3))),
            function)).SingleOrDefault();

    public Task<int> Save(string function, TimerStatus status, CancellationToken ct) =>
        database.Write(
            s => s.Execute(
                "insert or replace into timers(function, schedule, last, next, last_updated) values ($1, $2, $3, $4, $5)",
                function,
                status.Schedule,
                Text(status.Last),
                Text(status.Next),
                Text(status.LastUpdated)),
            ct);

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);
}
