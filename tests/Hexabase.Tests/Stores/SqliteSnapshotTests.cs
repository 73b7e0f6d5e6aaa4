using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>Copies of files that are written to meanwhile.</summary>
public sealed class SqliteSnapshotTests : IAsyncLifetime, IDisposable
{
    private const string Schema = "create table if not exists counter (id integer primary key, value integer)";
    private const string Set = "insert into counter (id, value) values (1, $1) on conflict (id) do update set value = excluded.value";
    private const string Get = "select value from counter";

    private readonly TemporaryFolder folder = new();

    /// <summary>Files that make it take long to begin to read all, so that commits fall in between.</summary>
    private readonly string[] between;

    private SqliteDatabase first = null!;
    private SqliteDatabase second = null!;

    public SqliteSnapshotTests() => between = [.. Enumerable.Range(0, 10).Select(i => folder.File($"between-{i}.db"))];

    public Task InitializeAsync()
    {
        (first, second) = (SqliteDatabase.Open(folder.File("first.db"), Schema), SqliteDatabase.Open(folder.File("second.db"), Schema));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Of_two_files_written_in_turn_every_copy_is_of_one_moment()
    {
        const int Copies = 100;
        foreach (var file in between)
            await SqliteDatabase.Open(file, Schema).DisposeAsync();
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var n = 1L; !enough.IsCancellationRequested; n++)
            {
                await first.Write(s => s.Execute(Set, n), CancellationToken.None);
                await second.Write(s => s.Execute(Set, n), CancellationToken.None);
            }
        });
        for (var copy = 0; copy < Copies; copy++)
        {
            var (ahead, behind) = await CopiesOfBoth(copy);
            Assert.True(ahead == behind || ahead == behind + 1, $"The first was at {ahead} when the second was at {behind}.");
        }
        await enough.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Nobody_waits_for_a_snapshot_and_what_is_written_later_is_not_in_it()
    {
        await first.Write(s => s.Execute(Set, 1));
        using var snapshot = Assert.Single(SqliteSnapshot.TakeTogether(folder.File("first.db")));
        await first.Write(s => s.Execute(Set, 2));

        snapshot.CopyTo(folder.File("copy.db"), default);

        Assert.Equal(1, await Value(folder.File("copy.db")));
        Assert.Equal(2, first.Read(s => s.Scalar(Get, 0L)));
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_and_is_not_made()
    {
        var missing = folder.File("missing.db");
        Assert.Throws<SqliteException>(() => SqliteSnapshot.TakeTogether(folder.File("first.db"), missing));
        Assert.False(File.Exists(missing));
    }

    [Fact]
    public async Task A_sound_file_passes_the_check_and_one_with_a_damaged_page_does_not()
    {
        await first.Write(s => s.Execute(Set, 1));
        await DisposeAsync();
        var file = folder.File("first.db");
        SqliteDatabase.Check(file, 1);

        await using (var bytes = File.OpenWrite(file))
        {
            bytes.Position = bytes.Length - 1_024;
            bytes.Write(Enumerable.Repeat((byte)0xA5, 1_024).ToArray());
        }
        Assert.Equal(11, Assert.Throws<SqliteException>(() => SqliteDatabase.Check(file, 1)).SqliteErrorCode);
    }

    [Fact]
    public async Task A_file_of_a_newer_schema_does_not_pass_the_check()
    {
        var file = folder.File("newer.db");
        await (SqliteDatabase.Open(file, Schema, schemaVersion: 2)).DisposeAsync();
        Assert.Throws<NewerSchemaException>(() => SqliteDatabase.Check(file, 1));
    }

    private async Task<(long First, long Second)> CopiesOfBoth(int number)
    {
        var (ofFirst, ofSecond) = (folder.File($"first-{number}.db"), folder.File($"second-{number}.db"));
        var snapshots = SqliteSnapshot.TakeTogether([folder.File("first.db"), .. between, folder.File("second.db")]);
        snapshots[0].CopyTo(ofFirst, default);
        snapshots[^1].CopyTo(ofSecond, default);
        foreach (var snapshot in snapshots)
            snapshot.Dispose();
        return (await Value(ofFirst), await Value(ofSecond));
    }

    private static async Task<long> Value(string file)
    {
        await using var database = SqliteDatabase.Open(file, Schema);
        return database.Read(s => s.Scalar(Get, 0L));
    }
}
