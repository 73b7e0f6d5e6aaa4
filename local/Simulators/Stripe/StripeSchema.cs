namespace Hexabase.Local.Simulators.Stripe;

/// <summary>The tables of the simulated Stripe. Times are Unix seconds on its own clock.</summary>
public static class StripeSchema
{
    /// <summary>Repeatable; to be given to <see cref="Sqlite.SqliteDatabase.Open"/>.</summary>
    public const string Sql = """
        create table if not exists stripe_objects (
            number integer primary key autoincrement,
            id text not null unique,
            kind text not null,
            owner text,
            due_at integer,
            body text not null);
        create index if not exists stripe_objects_owner on stripe_objects (kind, owner, number);
        create index if not exists stripe_objects_due on stripe_objects (due_at) where due_at is not null;

        create table if not exists stripe_idempotency (
            key text primary key,
            fingerprint text not null,
            status integer not null,
            body text not null,
            created_at integer not null) without rowid;
        create index if not exists stripe_idempotency_age on stripe_idempotency (created_at);

        create table if not exists stripe_faults (
            number integer primary key autoincrement,
            match text not null,
            kind text not null,
            times integer not null,
            delay_ms integer not null);

        create table if not exists stripe_clock (
            one integer primary key check (one = 1),
            ahead integer not null);
        """;
}
