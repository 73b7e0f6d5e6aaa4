using System.Globalization;
using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Stores;

public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task A_query_finds_the_ids_with_its_prefix_in_order()
    {
        await Create("run:2", "run:1", "run", "run:", "rum:9", "run_", "ledger:1", "Run:3");

        Assert.Equal(["run:", "run:1", "run:2"], await Ids("run:"));
        Assert.Equal(["run:2", "run:1", "run:"], await Ids("run:", descending: true));
    }

    [Fact]
    public async Task An_empty_prefix_finds_the_whole_partition_and_nothing_of_others()
    {
        await Create("b", "a");
        await Commit(Batch("a0002").Create("c", new Note("other")));

        Assert.Equal(["a", "b"], await Ids(""));
        Assert.Equal(["b", "a"], await Ids("", descending: true));
    }

    [Theory]
    [InlineData("a%")]
    [InlineData("a_")]
    [InlineData("a*")]
    [InlineData("A")]
    [InlineData("a'")]
    public async Task A_prefix_is_no_pattern_and_is_told_apart_by_case(string prefix)
    {
        await Create("ab", "abc", "a");

        Assert.Empty(await Ids(prefix));
    }

    [Fact]
    public async Task A_prefix_finds_what_follows_it_with_any_character_in_the_order_of_their_codes()
    {
        string[] ids = ["p", "p-", "p.", "p0", "p9", "p:", "pA", "pZ", "p_", "pa", "pz", "p~", "p~~"];
        await Create([.. ids.Reverse(), "P", "o~", "q"]);

        Assert.Equal(ids, await Ids("p"));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    [InlineData(false, 7)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(true, 7)]
    public async Task Pages_show_every_document_once_in_order(bool descending, int limit)
    {
        var ids = Enumerable.Range(0, 7).Select(i => $"n{i}").ToArray();
        await Create([.. ids, "m", "o"]);
        var query = new PartitionQuery(Box, P, "n", limit, descending);

        var pages = new List<string[]>();
        do
        {
            var page = await Store.Query<Note>(query, None);
            pages.Add([.. page.Items.Select(d => d.Id)]);
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        Assert.Equal(descending ? ids.Reverse() : ids, pages.SelectMany(p => p));
        Assert.Equal((7 + limit - 1) / limit, pages.Count);
        Assert.All(pages.SkipLast(1), p => Assert.Equal(limit, p.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_continuation_goes_on_after_its_place_whatever_was_written_meanwhile(bool descending)
    {
        await Create("n1", "n3", "n5", "n7");
        var query = new PartitionQuery(Box, P, "n", 2, descending);
        var first = await Store.Query<Note>(query, None);

        await Commit(Batch().Delete("n3").Delete("n5").Create("n2", new Note("x")).Create("n4", new Note("x")).Create("n6", new Note("x")));
        var second = await Store.Query<Note>(query with { Continuation = first.Continuation, Limit = 10 }, None);

        Assert.Equal(descending ? ["n4", "n2", "n1"] : ["n4", "n6", "n7"], second.Items.Select(d => d.Id));
        Assert.Null(second.Continuation);
    }

    [Fact]
    public async Task A_continuation_of_another_query_is_refused()
    {
        await Create("n1", "n2", "n3");
        await Commit(Batch("a0002").Create("n1", new Note("x")).Create("n2", new Note("x")));
        var query = new PartitionQuery(Box, P, "n", 1);
        var continuation = (await Store.Query<Note>(query, None)).Continuation!;

        PartitionQuery[] others =
        [
            query with { Partition = "a0002" },
            query with { IdPrefix = "" },
            query with { Descending = true },
            query with { Container = Containers.Strategies },
        ];
        foreach (var other in others)
        {
            await Assert.ThrowsAsync<InvalidContinuationException>(
                async () => await Store.Query<Note>(other with { Continuation = continuation }, None));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("%%%")]
    [InlineData("bm90IG1hZGUgYnkgYW55IHN0b3JlIGF0IGFsbA")]
    public async Task What_is_no_continuation_is_refused(string continuation)
    {
        await Assert.ThrowsAsync<InvalidContinuationException>(
            async () => await Store.Query<Note>(new PartitionQuery(Box, P, "n", 1, Continuation: continuation), None));
        await Assert.ThrowsAsync<InvalidContinuationException>(
            async () => await Store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", 1, continuation), None));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_001)]
    public async Task A_page_holds_between_one_and_a_thousand(int limit)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Store.Query<Note>(new PartitionQuery(Box, P, "n", limit), None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", limit), None));
    }

    [Fact]
    public async Task An_index_query_finds_documents_of_every_partition_up_to_its_bound_in_the_order_of_the_value()
    {
        await CreateDue("p1", "n1", "2026-01-03T00:00:00Z");
        await CreateDue("p2", "n2", "2026-01-01T00:00:00Z");
        await CreateDue("p3", "n3", "2026-01-02T00:00:00Z");
        await CreateDue("p3", "n4", "2026-01-04T00:00:00Z");
        await CreateDue("p3", "not-in-the-index", null);

        var page = await Store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "2026-01-03T00:00:00Z", 10), None);

        Assert.Equal([("p2", "n2"), ("p3", "n3"), ("p1", "n1")], page.Items.Select(d => (d.Partition, d.Id)));
        Assert.Equal(await ETag("n2", "p2"), page.Items[0].ETag);
        Assert.Null(page.Continuation);
    }

    [Fact]
    public async Task A_document_enters_and_leaves_the_index_as_it_is_written()
    {
        await CreateDue(P, "n", "2026");
        await Commit(Batch().Upsert("n", new Note("x")));
        Assert.Empty((await Store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", 10), None)).Items);

        await Commit(Batch().Upsert("n", new Note("x", OutboxDue: "2027")));
        Assert.Single((await Store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", 10), None)).Items);

        await Commit(Batch().Delete("n"));
        Assert.Empty((await Store.Query<Note>(new IndexQuery(Box, Containers.OutboxDue, "9", 10), None)).Items);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    public async Task Pages_of_an_index_show_every_document_once_even_of_equal_values(int limit)
    {
        var written = new List<(string Due, string Partition, string Id)>();
        foreach (var i in Enumerable.Range(0, 12))
        {
            var row = (Due: (2026 + (i % 3)).ToString(CultureInfo.InvariantCulture), Partition: $"p{i % 4}", Id: $"n{i}");
            written.Add(row);
            await CreateDue(row.Partition, row.Id, row.Due);
        }
        var query = new IndexQuery(Box, Containers.OutboxDue, "2027", limit);
        var shown = new List<(string Due, string Partition, string Id)>();
        do
        {
            var page = await Store.Query<Note>(query, None);
            Assert.True(page.Items.Count <= limit);
            shown.AddRange(page.Items.Select(d => (d.Value.OutboxDue!, d.Partition, d.Id)));
            query = query with { Continuation = page.Continuation };
        }
        while (query.Continuation is not null);

        Assert.Equal(shown.Select(s => s.Due), shown.Select(s => s.Due).Order(StringComparer.Ordinal));
        Assert.Equal(written.Where(w => w.Due != "2028").Order(), shown.Order());
    }

    [Fact]
    public async Task Only_declared_indexes_can_be_asked() =>
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await Store.Query<Note>(new IndexQuery(Box, new DocumentIndex("number"), "9", 10), None));

    private async Task Create(params string[] ids)
    {
        var batch = Batch();
        foreach (var id in ids)
            batch.Create(id, new Note(id));
        await Commit(batch);
    }

    private Task CreateDue(string partition, string id, string? due) => Commit(Batch(partition).Create(id, new Note("x", OutboxDue: due)));

    private async Task<IEnumerable<string>> Ids(string prefix, bool descending = false) =>
        (await Store.Query<Note>(new PartitionQuery(Box, P, prefix, 1_000, descending), None)).Items.Select(d => d.Id);
}
