using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Operations;
using Hexabase.Tests.Support;
using Moq;

namespace Hexabase.Tests.Operations;

/// <summary>What instances have counted, in documents that they share.</summary>
public sealed class SloBookTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Objective = "availability";

    private readonly ManualTimeProvider clock = new();
    private readonly List<IDisposable> made = [];
    private readonly TemporaryDocumentStore documents;
    private readonly CrashPoint crash = new();

    public SloBookTests() => documents = new TemporaryDocumentStore(clock);

    public Task InitializeAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        made.ForEach(one => one.Dispose());
        await documents.DisposeAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    [Fact]
    public async Task What_instances_write_at_the_same_moment_adds_up()
    {
        var instances = Enumerable.Range(0, 8).Select(_ => Instance(TimeProvider.System)).ToList();
        await Task.WhenAll(instances.Select(async instance =>
        {
            for (var round = 0; round < 5; round++)
            {
                instance.Counts.Count(Objective, isGood: true);
                await instance.Book.Write(default);
            }
        }));
        Assert.Equal(40, (await Stored()).Sum(hour => hour.Tallies[Objective].Good));
    }

    [Fact]
    public async Task A_part_whose_answer_was_lost_counts_once()
    {
        var (counts, book) = Instance();
        counts.Count(Objective, isGood: true);
        crash.RightAfter(0);
        await Assert.ThrowsAsync<CrashException>(() => book.Write(default));
        crash.Never();

        counts.Count(Objective, isGood: true);
        await book.Write(default);
        Assert.Equal(2, Assert.Single(await Stored()).Tallies[Objective].Good);
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_the_next_time()
    {
        var (counts, book) = Instance();
        counts.Count(Objective, isGood: false);
        crash.After(0);
        await Assert.ThrowsAsync<CrashException>(() => book.Write(default));
        Assert.Empty(await Stored());

        crash.Never();
        await book.Write(default);
        Assert.Equal(1, Assert.Single(await Stored()).Tallies[Objective].Bad);
    }

    [Fact]
    public async Task While_the_store_is_down_the_last_report_is_told_and_the_store_is_left_alone_for_a_while()
    {
        var (isDown, asked) = (false, 0);
        var store = new Mock<IDocumentStore>();
        store.Setup(s => s.Query<SloHour>(It.IsAny<PartitionQuery>(), It.IsAny<CancellationToken>())).Returns(() =>
        {
            asked++;
            return isDown ? throw new DependencyUnavailableException("down") : new ValueTask<Page<SloHour>>(new Page<SloHour>([], null));
        });
        using var counts = new SloCounts(clock);
        using var book = new SloBook(store.Object, counts, clock);
        var last = await book.Read(default);
        isDown = true;
        clock.Advance(SloBook.ReportIsGood);

        Assert.Same(last, await book.Read(default));
        Assert.Same(last, await book.Read(default));

        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Nothing_is_written_when_nothing_happened()
    {
        var (_, book) = Instance();
        await book.Write(default);
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task Each_hour_has_a_document_of_its_own()
    {
        var (counts, book) = Instance();
        counts.Count(Objective, isGood: true);
        clock.Advance(TimeSpan.FromHours(1));
        counts.Count(Objective, isGood: true);
        await book.Write(default);
        Assert.Equal(["2026-01-15T12", "2026-01-15T13"], await Ids());
    }

    [Fact]
    public async Task After_35_days_an_hour_is_forgotten()
    {
        var (counts, book) = Instance();
        counts.Count(Objective, isGood: true);
        await book.Write(default);
        clock.Advance(TimeSpan.FromDays(35) - TimeSpan.FromMinutes(1));
        Assert.NotEmpty(await Stored());
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await Stored());
    }

    [Fact]
    public async Task A_report_has_what_others_have_written_and_what_this_instance_has_not_written_yet()
    {
        var other = Instance();
        other.Counts.Count(Objective, isGood: true);
        await other.Book.Write(default);
        var (counts, book) = Instance();
        counts.Count(Objective, isGood: true);

        Assert.Equal(2, await Good(book));
        await book.Write(default);
        clock.Advance(SloBook.ReportIsGood);
        Assert.Equal(2, await Good(book));
    }

    [Fact]
    public async Task A_report_is_given_out_for_half_a_minute()
    {
        var (counts, book) = Instance();
        counts.Count(Objective, isGood: true);
        Assert.Equal(1, await Good(book));
        counts.Count(Objective, isGood: true);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, await Good(book));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await Good(book));
    }

    private (SloCounts Counts, SloBook Book) Instance(TimeProvider? time = null)
    {
        var counts = new SloCounts(time ?? clock);
        var book = new SloBook(new CrashingDocumentStore(documents, crash), counts, time ?? clock);
        made.AddRange([counts, book]);
        return (counts, book);
    }

    private static async Task<long?> Good(SloBook book) =>
        (await book.Read(default)).Objectives.Single(o => o.Objective == Objective).Windows[0].Good;

    private async Task<IReadOnlyList<SloHour>> Stored() => [.. (await Query()).Select(document => document.Value)];

    private async Task<IEnumerable<string>> Ids() => (await Query()).Select(document => document.Id);

    private async Task<IReadOnlyList<Document<SloHour>>> Query() =>
        (await documents.Query<SloHour>(new PartitionQuery(Containers.Listings, SloHour.List, "", 1_000), default)).Items;
}
