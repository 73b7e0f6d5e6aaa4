using Hexabase.Adapters.Sqlite;
using Hexabase.Domain.Documents;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>The contract on SQLite, and what only this store promises.</summary>
public sealed class SqliteDocumentStoreTests : DocumentStoreContract
{
    protected override Task<IDocumentStore> NewStore(TimeProvider clock) =>
        Task.FromResult<IDocumentStore>(new TemporaryDocumentStore(clock));

    private string DatabasePath => ((TemporaryDocumentStore)Store).DatabasePath;

    [Fact]
    public async Task Documents_are_there_when_the_file_is_opened_again()
    {
        using var folder = new TemporaryFolder();
        await using (var store = SqliteDocumentStore.Open(folder.File("d.db"), Containers.All, Clock))
            await store.Commit(Batch().Create("n", new Note("kept")), None);

        await using var again = SqliteDocumentStore.Open(folder.File("d.db"), Containers.All, Clock);

        Assert.Equal("kept", (await again.Read<Note>(Box, P, "n", None))!.Value.Text);
    }

    [Fact]
    public async Task Expired_documents_leave_the_file_in_small_portions_with_later_commits()
    {
        for (var i = 0; i < 5; i++)
        {
            var batch = Batch();
            for (var k = 0; k < 50; k++)
                batch.Create($"old{i}_{k}", new Note("x"), TimeSpan.FromMinutes(1));
            await Commit(batch);
        }
        await using var file = SqliteDatabase.Open(DatabasePath, schema: "");
        long Rows() => file.Read(s => s.Scalar("select count(*) from accounts", 0L));
        Assert.Equal(250, Rows());

        Clock.Advance(TimeSpan.FromMinutes(1));
        var left = new List<long>();
        for (var i = 0; i < 3; i++)
        {
            await Commit(Batch().Upsert("new", new Note("x")));
            left.Add(Rows());
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([151, 51, 1], left);
    }

    [Fact]
    public async Task Queries_walk_an_index_and_sort_nothing()
    {
        var table = new ContainerTable(Box);
        await using var file = SqliteDatabase.Open(DatabasePath, schema: "");
        string[] Plan(string sql, params object?[] values) =>
            file.Read(s => s.Query("explain query plan " + sql, r => r.GetString(3).Replace("SEARCH TABLE", "SEARCH", StringComparison.Ordinal), values)).ToArray();

        Assert.Equal(["SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (partition=? AND id>? AND id<?)"], Plan(table.Page, P, "a", "b", 0, 10));
        Assert.Equal(["SEARCH accounts USING INDEX sqlite_autoindex_accounts_1 (partition=? AND id>? AND id<?)"], Plan(table.PageDescending, P, "a", "b", 0, 10));
        Assert.Equal(
            ["SEARCH accounts USING INDEX accounts_outbox_due (<expr>>? AND <expr><?)"],
            Plan(table.PageByIndex(Containers.OutboxDue), "9", "", "", "", 0, 10));
        Assert.Contains("SEARCH accounts USING INDEX accounts_expires_at (expires_at<?)", Plan(table.Purge, 0, 10));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("{}")]
    [InlineData("no JSON")]
    [InlineData("""["a","b"]""")]
    public async Task A_forged_continuation_is_invalid_however_well_its_digest_fits(string key)
    {
        string[] query = [Box.Name, P, "", "asc"];
        byte[] position = System.Text.Encoding.UTF8.GetBytes(key);
        byte[] bound = [.. System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(query), .. position];
        var forged = System.Buffers.Text.Base64Url.EncodeToString([.. System.Security.Cryptography.SHA256.HashData(bound)[..8], .. position]);
        await Assert.ThrowsAsync<InvalidContinuationException>(
            async () => await Store.Query<Note>(new PartitionQuery(Box, P, "", Limit: 10, Continuation: forged), None));
    }
}
