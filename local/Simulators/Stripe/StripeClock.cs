using Hexabase.Sqlite;

namespace Hexabase.Local.Simulators.Stripe;

/// <summary>The simulator's own time: the platform's, and as far ahead as it was put.</summary>
internal sealed class StripeClock(SqliteDatabase database, TimeProvider clock)
{
    /// <summary>Unix seconds.</summary>
    public long Now => clock.GetUtcNow().ToUnixTimeSeconds() + database.Read(session => session.Scalar("select ahead from stripe_clock", 0L));

    public Task Advance(long seconds, CancellationToken ct) => database.Write(
        session => session.Execute(
            "insert into stripe_clock (one, ahead) values (1, $1) on conflict (one) do update set ahead = ahead + excluded.ahead", seconds),
        ct);
}
