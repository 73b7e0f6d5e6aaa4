using System.Text;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>The group-committing writer and its readers.</summary>
public sealed class SqliteDatabaseTests : IAsyncLifetime, IDisposable
{
    private const string Schema = "create table if not exists notes (id integer primary key, text)";
    private const string Insert = "insert into notes (id, text) values ($1, $2)";

    private readonly TemporaryFolder folder = new();
    private SqliteDatabase database = null!;

    private string File => folder.File("test.db");

    public Task InitializeAsync()
    {
        database = SqliteDatabase.Open(File, Schema);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_acknowledged_write_is_seen_by_every_read_after_it()
    {
        Assert.Equal(1, await database.Write(s => s.Execute(Insert, 1, "x")));

        Assert.Equal("x", database.Read(s => s.Scalar("select text from notes where id = $1", "", 1)));
    }

    [Fact]
    public async Task A_work_that_throws_is_undone_and_the_others_of_its_group_are_not()
    {
        var group = Together(
            s => s.Execute(Insert, 1, "before"),
            s =>
            {
                s.Execute(Insert, 2, "undone");
                throw new InvalidDataException("on purpose");
            },
            s => s.Execute(Insert, 2, "after"),
            s => s.Execute(Insert, 1, "breaks the key"));

        await group[0];
        Assert.Equal("on purpose", (await Assert.ThrowsAsync<InvalidDataException>(() => group[1])).Message);
        await group[2];
        Assert.Equal(19, (await Assert.ThrowsAsync<SqliteException>(() => group[3])).SqliteErrorCode);
        Assert.Equal(["1 before", "2 after"], Rows());
    }

    [Fact]
    public async Task A_work_can_undo_what_it_did_and_still_succeed()
    {
        var group = Together(
            s => s.Execute(Insert, 1, "kept"),
            s =>
            {
                s.Execute(Insert, 2, "undone");
                s.Undo();
                return s.Execute(Insert, 3, "kept");
            });

        await Task.WhenAll(group);
        Assert.Equal(["1 kept", "3 kept"], Rows());
    }

    [Fact]
    public async Task When_the_transaction_is_lost_all_of_its_group_fail_and_the_next_group_works()
    {
        var group = Together(s => s.Execute(Insert, 1, "x"), s => s.Execute("rollback"), s => s.Execute(Insert, 2, "x"));

        foreach (var write in group)
            await Assert.ThrowsAsync<SqliteException>(() => write);
        Assert.Empty(Rows());
        await database.Write(s => s.Execute(Insert, 3, "works"));
        Assert.Equal(["3 works"], Rows());
    }

    [Fact]
    public async Task A_write_cancelled_before_it_began_does_not_happen()
    {
        using var cancel = new CancellationTokenSource();
        using var gate = new ManualResetEventSlim();
        var first = database.Write(s =>
        {
            gate.Wait();
            return s.Execute(Insert, 1, "x");
        });
        var second = database.Write(s => s.Execute(Insert, 2, "x"), cancel.Token);
        await cancel.CancelAsync();
        gate.Set();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(["1 x"], Rows());
    }

    [Fact]
    public async Task Writes_are_done_in_the_order_they_came() =>
        Assert.Equal(
            Enumerable.Range(1, 1_000).Select(i => (long)i),
            await Task.WhenAll(Enumerable.Range(1, 1_000).Select(_ => database.Write(s => s.Scalar("insert into notes (text) values ('x') returning id", 0L)))));

    [Fact]
    public async Task A_callers_code_never_runs_on_the_writers_thread()
    {
        var writer = await database.Write(_ => Environment.CurrentManagedThreadId);

        using var gate = new ManualResetEventSlim();
        var continuation = database.Write(s =>
        {
            gate.Wait(); // The continuation is there before the write ends.
            return s.Execute(Insert, 1, "x");
        }).ContinueWith(
            _ => Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        gate.Set();
        var mine = await continuation;

        Assert.NotEqual(writer, mine);
    }

    [Fact]
    public void A_read_may_change_nothing() =>
        Assert.Throws<SqliteException>(() => database.Read(s => s.Execute(Insert, 1, "x")));

    [Fact]
    public async Task Closing_finishes_what_was_accepted_and_refuses_the_rest()
    {
        var writes = Enumerable.Range(1, 500).Select(i => database.Write(s => s.Execute(Insert, i, "x"))).ToArray();

        await database.DisposeAsync();

        Assert.All(writes, w => Assert.True(w.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => database.Write(s => s.Execute(Insert, 501, "x")));
        Assert.Throws<ObjectDisposedException>(() => database.Read(s => s.Scalar("select 1", 0)));
        await using var again = SqliteDatabase.Open(File, Schema);
        Assert.Equal(500, again.Read(s => s.Scalar("select count(*) from notes", 0)));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_by_name_and_left_alone()
    {
        await using (SqliteDatabase.Open(folder.File("newer.db"), Schema, schemaVersion: 3))
        {
        }

        var e = Assert.Throws<NewerSchemaException>(() => SqliteDatabase.Open(folder.File("newer.db"), "create table surprise (id)", schemaVersion: 2));

        Assert.Equal($"{folder.File("newer.db")} has schema version 3; this version of the program knows versions up to 2.", e.Message);
        await using var same = SqliteDatabase.Open(folder.File("newer.db"), Schema, schemaVersion: 3);
        Assert.Equal(0, same.Read(s => s.Scalar("select count(*) from sqlite_master where name = 'surprise'", 0)));
    }

    [Fact]
    public async Task What_is_no_database_is_refused()
    {
        await System.IO.File.WriteAllTextAsync(folder.File("text.db"), new string('x', 4_096));

        Assert.Equal(26, Assert.Throws<SqliteException>(() => SqliteDatabase.Open(folder.File("text.db"), Schema)).SqliteErrorCode);
    }

    [Fact]
    public async Task Values_come_back_as_they_went_in()
    {
        object?[] values = [null, "", "é\0日", 0L, long.MinValue, 7, true, 0.1, Array.Empty<byte>(), new byte[] { 0, 255 }, new Utf8Text("é"u8.ToArray()), new Utf8Text(default)];
        await database.Write(s =>
        {
            for (var i = 0; i < values.Length; i++)
                s.Execute(Insert, i, values[i]);
            return 0;
        });

        T Get<T>(int id) => database.Read(s => s.First("select text from notes where id = $1", default(T)!, r => r.GetFieldValue<T>(0), id));
        Assert.Null(Get<string?>(0));
        Assert.Null(Get<long?>(0));
        Assert.Throws<InvalidCastException>(() => Get<long>(0));
        Assert.Equal("", Get<string>(1));
        Assert.Equal("é\0日", Get<string>(2));
        Assert.Equal(0, Get<long?>(3));
        Assert.Equal(long.MinValue, Get<long>(4));
        Assert.Throws<OverflowException>(() => Get<int>(4));
        Assert.Equal(7, Get<int>(5));
        Assert.True(Get<bool>(6));
        Assert.Equal(0.1, Get<double>(7));
        Assert.Empty(Get<byte[]>(8));
        Assert.Equal([0, 255], Get<byte[]>(9));
        Assert.Equal("é", Get<string>(10));
        Assert.Equal("", Get<string>(11));
    }

    [Fact]
    public void Parameters_are_known_by_number_wherever_they_stand() =>
        Assert.Equal("2-1-2", database.Read(s => s.Scalar("select $2 || '-' || $1 || '-' || $2", "", 1, 2)));

    [Fact]
    public void A_statement_that_would_be_misread_is_refused()
    {
        Assert.Throws<ArgumentException>(() => database.Read(s => s.Scalar("select $1", 0)));
        Assert.Throws<ArgumentException>(() => database.Read(s => s.Scalar("select 1", 0, 1)));
        Assert.Throws<ArgumentException>(() => database.Read(s => s.Scalar("select 1; select 2", 0)));
        Assert.Throws<NotSupportedException>(() => database.Read(s => s.Scalar("select $1", 0, new StringBuilder())));
        Assert.Throws<SqliteException>(() => database.Read(s => s.Scalar("select nonsense", 0)));
    }

    /// <summary>Makes the works one group: they wait in line while an earlier write keeps the writer busy.</summary>
    private Task<int>[] Together(params Func<SqliteSession, int>[] works)
    {
        using var gate = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        var first = database.Write(_ =>
        {
            busy.Set();
            gate.Wait();
            return 0;
        });
        busy.Wait();
        var group = works.Select(work => database.Write(work)).ToArray();
        gate.Set();
        Assert.True(first.Wait(TimeSpan.FromSeconds(30)));
        return group;
    }

    private IReadOnlyList<string> Rows() => database.Read(s => s.Query("select id, text from notes order by id", r => $"{r.GetInt64(0)} {r.GetString(1)}"));
}
