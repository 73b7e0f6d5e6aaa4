using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Documents;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Stores;

/// <summary>Whatever is committed in whatever order, a store and a dictionary give the same answers.</summary>
public abstract class DocumentStoreModelTests(int mostTests)
{
    private static readonly string[] SomeIds = ["a", "ab", "b", "b:", "~"];
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private static readonly Gen<Change> Changes =
        from id in Gen.Elements(SomeIds)
        from kind in Gen.Elements(Enum.GetValues<Kind>())
        from version in Gen.Choose(0, 2)
        select new Change(kind, id, version);

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (6, UpTo(4, Changes).Select(Step (changes) => new Commit([.. changes.DistinctBy(c => c.Id)]))),
        (1, Gen.Choose(1, 10).Select(Step (seconds) => new Wait(TimeSpan.FromSeconds(seconds)))));

    [Fact]
    public void The_store_agrees_with_a_dictionary() =>
        Prop.ForAll(UpTo(30, Steps).ToArbitrary(), Agree).Check(Config.QuickThrowOnFailure.WithMaxTest(mostTests));

    /// <summary>Empty, with the product's containers.</summary>
    protected abstract Task<IDocumentStore> NewStore(TimeProvider clock);

    private static Gen<T[]> UpTo<T>(int most, Gen<T> gen) => Gen.Choose(0, most).SelectMany(gen.ArrayOf);

    private async Task Agree(Step[] steps)
    {
        var clock = new ManualTimeProvider();
        var store = await NewStore(clock);
        await using var owned = store as IAsyncDisposable;
        var model = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var number = 0;
        foreach (var step in steps)
        {
            if (step is Wait { Time: var time })
                clock.Advance(time);
            if (step is Commit { Changes: var changes })
            {
                number++;
                var expected = Apply(model, changes, number, clock.GetUtcNow(), out var after);
                Assert.Equal(expected, await store.Commit(Batch(model, changes, number, clock.GetUtcNow()), default));
                model = after;
            }
            await ReadBack(store, model, clock.GetUtcNow());
        }
    }

    private static CommitResult Apply(
        Dictionary<string, Entry> before, Change[] changes, int number, DateTimeOffset now, out Dictionary<string, Entry> after)
    {
        after = new Dictionary<string, Entry>(before, StringComparer.Ordinal);
        for (var i = 0; i < changes.Length; i++)
        {
            var (kind, id, version) = changes[i];
            var live = after.TryGetValue(id, out var entry) && entry.Until > now ? entry : null;
            CommitRefusal? refusal = kind switch
            {
                Kind.Create or Kind.CreateShortLived => live is null ? null : CommitRefusal.AlreadyExists,
                Kind.Replace or Kind.DeleteIf when live is null => CommitRefusal.NotFound,
                Kind.Replace or Kind.DeleteIf => version == 0 ? CommitRefusal.ETagMismatch : null,
                _ => null,
            };
            if (refusal is { } reason)
            {
                after = before;
                return CommitResult.Refused(i, reason);
            }
            if (kind is Kind.Delete or Kind.DeleteIf)
                after.Remove(id);
            else
                after[id] = new Entry(number, kind == Kind.CreateShortLived ? now + Lifetime : DateTimeOffset.MaxValue);
        }
        return CommitResult.Success;
    }

    private static DocumentBatch Batch(Dictionary<string, Entry> model, Change[] changes, int number, DateTimeOffset now)
    {
        var batch = new DocumentBatch(Containers.Accounts, "p");
        foreach (var (kind, id, version) in changes)
        {
            var etag = version > 0 && model.TryGetValue(id, out var entry) && entry.Until > now ? entry.ETag : "stale";
            _ = kind switch
            {
                Kind.Create => batch.Create(id, new Value(number)),
                Kind.CreateShortLived => batch.Create(id, new Value(number), Lifetime),
                Kind.Replace => batch.Replace(id, new Value(number), etag),
                Kind.Upsert => batch.Upsert(id, new Value(number)),
                Kind.Delete => batch.Delete(id),
                _ => batch.Delete(id, etag),
            };
        }
        return batch;
    }

    private static async Task ReadBack(IDocumentStore store, Dictionary<string, Entry> model, DateTimeOffset now)
    {
        var live = model.Where(e => e.Value.Until > now).OrderBy(e => e.Key, StringComparer.Ordinal).ToArray();
        foreach (var prefix in (string[])["", "a", "b", "b:", "c"])
        {
            foreach (var descending in (bool[])[false, true])
            {
                var page = await store.Query<Value>(new PartitionQuery(Containers.Accounts, "p", prefix, 100, descending), default);
                var expected = live.Where(e => e.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(e => (e.Key, e.Value.Number));
                Assert.Equal(descending ? expected.Reverse() : expected, page.Items.Select(d => (d.Id, d.Value.Number)));
            }
        }
        foreach (var id in SomeIds)
        {
            var read = await store.Read<Value>(Containers.Accounts, "p", id, default);
            var expected = model.TryGetValue(id, out var entry) && entry.Until > now ? entry : null;
            Assert.Equal(expected?.Number, read?.Value.Number);
            if (expected is not null)
                expected.ETag = read!.ETag;
        }
    }

    private enum Kind
    {
        Create,
        CreateShortLived,
        Replace,
        Upsert,
        Delete,
        DeleteIf,
    }

    private abstract record Step;

    private sealed record Wait(TimeSpan Time) : Step;

    private sealed record Commit(Change[] Changes) : Step;

    /// <param name="Version">0 for a version that is not the present one.</param>
    private sealed record Change(Kind Kind, string Id, int Version);

    private sealed class Entry(int number, DateTimeOffset until)
    {
        public int Number { get; } = number;

        public DateTimeOffset Until { get; } = until;

        public string ETag { get; set; } = "unread";
    }

    private sealed record Value(int Number);
}

/// <inheritdoc />
public sealed class SqliteDocumentStoreModelTests() : DocumentStoreModelTests(mostTests: 60)
{
    protected override Task<IDocumentStore> NewStore(TimeProvider clock) => Task.FromResult<IDocumentStore>(new TemporaryDocumentStore(clock));
}

/// <inheritdoc />
[Collection(CosmosAccount.Collection)]
public sealed class CosmosDocumentStoreModelTests(CosmosAccountFixture account) : DocumentStoreModelTests(mostTests: 10)
{
    protected override async Task<IDocumentStore> NewStore(TimeProvider clock) => await account.NewStore(clock);
}
