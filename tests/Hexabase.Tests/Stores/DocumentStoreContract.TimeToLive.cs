using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Stores;

public abstract partial class DocumentStoreContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_document_lives_until_its_time_is_over()
    {
        await Commit(Batch().Create("n", new Note("x"), Minute));
        Clock.Advance(Minute - TimeSpan.FromSeconds(1));
        Assert.Equal("x", await Text("n"));

        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Text("n"));
    }

    [Fact]
    public async Task An_expired_document_is_in_no_query()
    {
        await Commit(Batch().Create("n1", new Note("short", OutboxDue: "2026"), Minute).Create("n2", new Note("stays", OutboxDue: "2026")));

        Clock.Advance(Minute);

        Assert.Equal(["stays"], (await Store.Query<Note>(new PartitionQuery(Box, P, "n", 10), None)).Items.Select(d => d.Value.Text));
        Assert.Equal(
            ["stays"], (await Store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", 10), None)).Items.Select(d => d.Value.Text));
    }

    [Fact]
    public async Task An_expired_document_can_be_created_again()
    {
        await Commit(Batch().Create("n", new Note("old"), Minute));
        Assert.Equal(
            CommitResult.Refused(0, CommitRefusal.AlreadyExists), await Store.Commit(Batch().Create("n", new Note("new")), None));

        Clock.Advance(Minute);
        await Commit(Batch().Create("n", new Note("new")));

        Clock.Advance(Minute);
        Assert.Equal("new", await Text("n"));
    }

    [Fact]
    public async Task Many_expired_documents_can_be_created_again_in_one_batch()
    {
        await Commit(Batch().Create("a", new Note("old"), Minute).Create("b", new Note("old"), Minute).Create("taken", new Note("old")));
        Clock.Advance(Minute);

        Assert.Equal(
            CommitResult.Refused(2, CommitRefusal.AlreadyExists),
            await Store.Commit(Batch().Create("a", new Note("x")).Create("b", new Note("x")).Create("taken", new Note("x")), None));
        await Commit(Batch().Create("a", new Note("new")).Delete("c").Create("b", new Note("new")));

        Assert.Equal(["new", "new"], await Texts("a", "b"));
    }

    [Fact]
    public async Task Of_many_concurrent_creates_over_an_expired_document_exactly_one_wins()
    {
        await Commit(Batch().Create("n", new Note("old"), Minute));
        Clock.Advance(Minute);

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => Store.Commit(Batch().Create("n", new Note("x", i)), None))));

        Assert.Single(results, r => r.Succeeded);
    }

    [Fact]
    public async Task An_expired_document_cannot_be_replaced_or_deleted_at_its_version()
    {
        await Commit(Batch().Create("n", new Note("old"), Minute));
        var etag = await ETag("n");
        Clock.Advance(Minute);

        Assert.Equal(CommitResult.Refused(0, CommitRefusal.NotFound), await Store.Commit(Batch().Replace("n", new Note("x"), etag), None));
        Assert.Equal(CommitResult.Refused(0, CommitRefusal.NotFound), await Store.Commit(Batch().Delete("n", etag), None));
    }

    [Fact]
    public async Task A_write_sets_the_time_to_live_anew_or_takes_it_away()
    {
        await Commit(Batch().Create("longer", new Note("x"), Minute).Create("forever", new Note("x"), Minute));
        await Commit(Batch().Upsert("longer", new Note("y"), 2 * Minute).Replace("forever", new Note("y"), await ETag("forever")));

        Clock.Advance(Minute);
        Assert.Equal(["y", "y"], await Texts("longer", "forever"));

        Clock.Advance(Minute);
        Assert.Equal([null, "y"], await Texts("longer", "forever"));
    }
}
