using Hexabase.Domain.Documents;

namespace Hexabase.Tests.Stores;

public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task A_document_is_read_as_it_was_written()
    {
        var note = new Note("こんにちは \"quoted\" \\ \n € 😀", 7, "2026-01-01T00:00:00Z");
        await Commit(Batch().Create("n", note));

        var read = await Store.Read<Note>(Box, P, "n", None);

        Assert.NotNull(read);
        Assert.Equal((P, "n", note), (read.Partition, read.Id, read.Value));
    }

    [Fact]
    public async Task What_was_never_written_is_null() => Assert.Null(await Store.Read<Note>(Box, P, "n", None));

    [Fact]
    public async Task Partitions_and_containers_do_not_see_each_other()
    {
        await Commit(Batch().Create("n", new Note("mine")));

        Assert.Null(await Text("n", partition: "a0002"));
        Assert.Null(await Store.Read<Note>(Containers.Strategies, P, "n", None));
    }

    [Fact]
    public async Task A_create_meets_a_taken_id_and_changes_nothing()
    {
        await Commit(Batch().Create("n", new Note("first")));

        var result = await Store.Commit(Batch().Create("n", new Note("second")), None);

        Assert.Equal(CommitResult.Refused(0, CommitRefusal.AlreadyExists), result);
        Assert.Equal("first", await Text("n"));
    }

    [Fact]
    public async Task A_replace_needs_the_version_it_was_read_at()
    {
        await Commit(Batch().Create("n", new Note("first")));
        var stale = await ETag("n");
        await Commit(Batch().Replace("n", new Note("second"), stale));

        var result = await Store.Commit(Batch().Replace("n", new Note("third"), stale), None);

        Assert.Equal(CommitResult.Refused(0, CommitRefusal.ETagMismatch), result);
        Assert.Equal("second", await Text("n"));
    }

    [Fact]
    public async Task A_replace_of_nothing_is_refused() =>
        Assert.Equal(
            CommitResult.Refused(0, CommitRefusal.NotFound), await Store.Commit(Batch().Replace("n", new Note("x"), await SomeETag()), None));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("not a version at all")]
    public async Task A_version_that_no_store_made_matches_nothing(string etag)
    {
        await Commit(Batch().Create("n", new Note("first")));

        Assert.Equal(
            CommitResult.Refused(0, CommitRefusal.ETagMismatch), await Store.Commit(Batch().Replace("n", new Note("second"), etag), None));
        Assert.Equal(CommitResult.Refused(0, CommitRefusal.ETagMismatch), await Store.Commit(Batch().Delete("n", etag), None));
    }

    [Fact]
    public async Task An_upsert_writes_whatever_is_there()
    {
        await Commit(Batch().Upsert("n", new Note("first")));
        await Commit(Batch().Upsert("n", new Note("second")));

        Assert.Equal("second", await Text("n"));
    }

    [Fact]
    public async Task A_delete_without_a_condition_never_minds()
    {
        await Commit(Batch().Create("n", new Note("first")));

        await Commit(Batch().Delete("n"));
        await Commit(Batch().Delete("n"));

        Assert.Null(await Text("n"));
    }

    [Fact]
    public async Task A_batch_may_delete_what_is_not_there()
    {
        await Commit(Batch().Create("there", new Note("1")));

        await Commit(Batch().Delete("never").Delete("there").Create("new", new Note("2")).Delete("nowhere"));

        Assert.Equal([null, null, "2", null], await Texts("never", "there", "new", "nowhere"));
        Assert.Single((await Store.Query<Note>(new PartitionQuery(Box, P, "", 10), None)).Items);
    }

    [Fact]
    public async Task What_was_deleted_is_nothing_to_any_condition_and_can_be_created_again()
    {
        await Commit(Batch().Create("n", new Note("first")));
        var etag = await ETag("n");
        await Commit(Batch().Delete("never").Delete("n"));

        Assert.Equal(CommitResult.Refused(0, CommitRefusal.NotFound), await Store.Commit(Batch().Replace("n", new Note("x"), etag), None));
        Assert.Equal(CommitResult.Refused(0, CommitRefusal.NotFound), await Store.Commit(Batch().Delete("never", etag), None));
        await Commit(Batch().Delete("n").Create("never", new Note("second")));

        Assert.Equal([null, "second"], await Texts("n", "never"));
    }

    [Fact]
    public async Task A_conditional_delete_is_refused_as_a_replace_is()
    {
        var stale = await SomeETag();
        Assert.Equal(CommitResult.Refused(0, CommitRefusal.NotFound), await Store.Commit(Batch().Delete("n", stale), None));
        await Commit(Batch().Create("n", new Note("first")));
        Assert.Equal(CommitResult.Refused(0, CommitRefusal.ETagMismatch), await Store.Commit(Batch().Delete("n", stale), None));

        await Commit(Batch().Delete("n", await ETag("n")));

        Assert.Null(await Text("n"));
    }

    [Fact]
    public async Task The_version_changes_with_every_write_even_of_the_same_value_and_across_a_delete()
    {
        var seen = new HashSet<string>();
        await Commit(Batch().Create("n", new Note("same")));
        seen.Add(await ETag("n"));
        await Commit(Batch().Upsert("n", new Note("same")));
        seen.Add(await ETag("n"));
        await Commit(Batch().Replace("n", new Note("same"), await ETag("n")));
        seen.Add(await ETag("n"));
        await Commit(Batch().Delete("n"));
        await Commit(Batch().Create("n", new Note("same")));
        seen.Add(await ETag("n"));

        Assert.Equal(4, seen.Count);
    }

    [Fact]
    public async Task The_version_stays_while_nothing_is_written()
    {
        await Commit(Batch().Create("n", new Note("one")).Create("m", new Note("two")));
        var before = await ETag("n");

        await Commit(Batch().Upsert("m", new Note("three")));
        await Store.Commit(Batch().Create("n", new Note("refused")), None);

        Assert.Equal(before, await ETag("n"));
    }

    [Fact]
    public async Task A_batch_is_applied_as_one()
    {
        await Commit(Batch().Create("gone", new Note("1")).Create("changed", new Note("2")));

        await Commit(Batch()
            .Delete("gone")
            .Replace("changed", new Note("3"), await ETag("changed"))
            .Create("new", new Note("4"))
            .Upsert("other", new Note("5")));

        Assert.Equal([null, "3", "4", "5"], await Texts("gone", "changed", "new", "other"));
    }

    [Fact]
    public async Task One_refused_operation_undoes_the_whole_batch_and_is_named()
    {
        await Commit(Batch().Create("gone", new Note("1")).Create("changed", new Note("2")).Create("taken", new Note("3")));

        var result = await Store.Commit(
            Batch()
                .Delete("gone")
                .Replace("changed", new Note("x"), await ETag("changed"))
                .Upsert("upserted", new Note("x"))
                .Create("taken", new Note("x"))
                .Create("never-reached", new Note("x")),
            None);

        Assert.Equal(CommitResult.Refused(3, CommitRefusal.AlreadyExists), result);
        Assert.Equal(
            ["1", "2", "3", null, null],
            await Texts("gone", "changed", "taken", "upserted", "never-reached"));
    }

    [Fact]
    public async Task The_first_failed_condition_is_the_one_named()
    {
        await Commit(Batch().Create("b", new Note("1")).Create("c", new Note("2")));

        var result = await Store.Commit(
            Batch().Create("a", new Note("x")).Replace("b", new Note("x"), "stale").Create("c", new Note("x")), None);

        Assert.Equal(CommitResult.Refused(1, CommitRefusal.ETagMismatch), result);
    }

    [Fact]
    public async Task A_hundred_operations_fit_in_a_batch_and_the_last_one_can_refuse_them_all()
    {
        var full = Batch();
        for (var i = 0; i < 100; i++)
            full.Create($"n{i:d3}", new Note("x", i));
        await Commit(full);
        Assert.Equal("x", await Text("n099"));
        Assert.Throws<InvalidOperationException>(() => full.Create("one-more", new Note("x")));

        var refused = Batch();
        for (var i = 0; i < 99; i++)
            refused.Delete($"n{i:d3}");
        Assert.Equal(
            CommitResult.Refused(99, CommitRefusal.AlreadyExists), await Store.Commit(refused.Create("n099", new Note("y")), None));
        Assert.Equal("x", await Text("n000"));
    }

    [Fact]
    public async Task An_empty_batch_succeeds() => await Commit(Batch());

    [Fact]
    public void A_batch_changes_each_document_once() =>
        Assert.Throws<InvalidOperationException>(() => Batch().Create("n", new Note("x")).Delete("n"));

    [Fact]
    public async Task Ids_are_told_apart_by_case_and_may_be_long_or_odd()
    {
        string[] ids = ["n", "N", "n.", "n~", "-", "_", ":", "~", "a:b_c.d~e-f", "0", new string('x', 255)];
        var batch = Batch();
        foreach (var id in ids)
            batch.Create(id, new Note(id));
        await Commit(batch);

        foreach (var id in ids)
            Assert.Equal(id, await Text(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a%2Fb")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("日本")]
    [InlineData("256")]
    public async Task What_some_store_could_not_take_as_an_id_is_refused_by_all_and_names_no_document(string id)
    {
        if (id == "256")
            id = new string('x', 256);
        Assert.Throws<ArgumentException>(() => Batch().Create(id, new Note("x")));
        Assert.Throws<ArgumentException>(() => Batch().Delete(id));
        Assert.Null(await Text(id));
    }

    [Theory]
    [InlineData("somebody@example.org")]
    [InlineData("a/b?c#d e%20f\"g")]
    [InlineData("日本")]
    [InlineData(" ")]
    [InlineData("1000")]
    public async Task A_partition_is_named_by_any_text(string partition)
    {
        if (partition == "1000")
            partition = new string('p', 1_000);
        await Commit(Batch(partition).Create("n", new Note("x")));

        Assert.Equal("x", await Text("n", partition));
        Assert.Equal(partition, Assert.Single((await Store.Query<Note>(new PartitionQuery(Box, partition, "", 10), None)).Items).Partition);
    }

    [Fact]
    public async Task Numbers_are_exact_as_far_as_doubles_are()
    {
        var numbers = new Numbers(
            (1L << 53) - 1, -(1L << 53) + 1, [0.1, 1.0 / 3, 1e300, double.Epsilon, -123_456.789], [0.1m, 1.10m, 1234567890.12345m]);
        await Commit(Batch().Create("n", numbers));

        var read = (await Store.Read<Numbers>(Box, P, "n", None))!.Value;

        Assert.Equal((numbers.Most, numbers.Least), (read.Most, read.Least));
        Assert.Equal(numbers.Doubles, read.Doubles);
        Assert.Equal(numbers.Decimals, read.Decimals);
    }

    [Fact]
    public async Task A_batch_of_two_megabytes_fits_and_one_above_is_refused_whole()
    {
        const int overhead = 100;
        var half = new Note(new string('x', (DocumentBatch.MostBytes / 2) - overhead));
        await Commit(Batch().Create("one", half).Create("other", half));
        Assert.Equal(half.Text.Length, (await Text("one"))!.Length);

        var tooLarge = Batch().Upsert("small", new Note("x")).Upsert("one", half).Upsert("other", new Note(half.Text + half.Text[..(2 * overhead)]));
        await Assert.ThrowsAsync<DocumentTooLargeException>(() => Store.Commit(tooLarge, None));

        Assert.Null(await Text("small"));
        Assert.Equal(half.Text.Length, (await Text("other"))!.Length);
    }

    [Fact]
    public async Task A_document_may_be_as_large_as_a_batch()
    {
        await Commit(Batch().Create("big", new Note(new string('x', DocumentBatch.MostBytes - 100))));

        Assert.Equal(DocumentBatch.MostBytes - 100, (await Text("big"))!.Length);
        Assert.Single((await Store.Query<Note>(new PartitionQuery(Box, P, "", 10), None)).Items);
    }

    [Fact]
    public async Task Of_many_concurrent_replaces_of_one_version_exactly_one_wins()
    {
        await Commit(Batch().Create("n", new Note("first")));
        var etag = await ETag("n");

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            Task.Run(() => Store.Commit(Batch().Replace("n", new Note("second", i), etag).Create($"won{i}", new Note("x")), None))));

        Assert.Single(results, r => r.Succeeded);
        Assert.All(results.Where(r => !r.Succeeded), r => Assert.Equal(CommitResult.Refused(0, CommitRefusal.ETagMismatch), r));
        Assert.Single((await Store.Query<Note>(new PartitionQuery(Box, P, "won", 100), None)).Items);
    }

    [Fact]
    public async Task Of_many_concurrent_creates_of_one_id_exactly_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            Task.Run(() => Store.Commit(Batch().Create("n", new Note("x", i)), None))));

        Assert.Single(results, r => r.Succeeded);
    }

    [Fact]
    public async Task Every_reader_sees_what_was_acknowledged_before()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                await Commit(Batch($"p{worker}").Upsert("n", new Note("x", i)));
                var read = await Store.Read<Note>(Box, $"p{worker}", "n", None);
                Assert.Equal(i, read!.Value.Number);
            }
        })));
    }

    [Fact]
    public async Task Counting_up_by_conditional_replaces_loses_no_count()
    {
        await Commit(Batch().Create("count", new Note("x", 0)));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var added = 0;
            for (var attempt = 0; added < 10 && attempt < 10_000; attempt++)
            {
                var now = (await Store.Read<Note>(Box, P, "count", None))!;
                if ((await Store.Commit(Batch().Replace("count", now.Value with { Number = now.Value.Number + 1 }, now.ETag), None)).Succeeded)
                    added++;
            }
        })));

        Assert.Equal(80, (await Store.Read<Note>(Box, P, "count", None))!.Value.Number);
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Commit(Batch().Create("n", new Note("x")), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.Read<Note>(Box, P, "n", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.Query<Note>(new PartitionQuery(Box, P, "", 1), cancelled));

        Assert.Null(await Text("n"));
    }

    private async Task<string> SomeETag()
    {
        await Commit(Batch("elsewhere").Upsert("n", new Note("x")));
        return await ETag("n", "elsewhere");
    }
}
