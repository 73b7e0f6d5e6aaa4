using Hexabase.Local.ServiceBus;
using Hexabase.Sqlite;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.ServiceBus;

/// <summary>What cannot be brought about from outside, because it takes two things at the very same moment.</summary>
public sealed class QueueStoreTests : IAsyncLifetime, IDisposable
{
    private static readonly BusQueue Queue =
        new("runs", "OnRuns", "msg", HasSessions: true, Many: true, BatchSize: 2, Receivers: 1, new QueueSettings());

    private readonly TemporaryFolder folder = new();
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
    private SqliteDatabase database = null!;
    private QueueStore store = null!;

    public Task InitializeAsync()
    {
        database = SqliteDatabase.Open(folder.File("local.db"), ServiceBusSchema.Sql);
        store = new QueueStore(database, clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_idle_receiver_is_handed_over_the_first_batch_and_finds_the_rest()
    {
        var handedOver = await Append(["s"], "1", "2", "3");
        Assert.Equal(["1", "2"], Ids(handedOver["s"]));
        Assert.All(handedOver["s"], m => Assert.Equal(1, m.DeliveryCount));
        Assert.Equal(["3"], Ids(await store.SettleAndLock(Queue, "s", new Settlement(handedOver["s"], null), Queue.BatchSize)));
    }

    [Fact]
    public async Task Nothing_is_handed_over_past_older_messages_of_the_session()
    {
        await Append([], "older");
        Assert.Empty(await Append(["s"], "newer"));
        Assert.Equal(["older", "newer"], Ids(await store.SettleAndLock(Queue, "s", null, Queue.BatchSize)));
    }

    [Fact]
    public async Task What_is_locked_is_not_locked_again_until_it_is_settled()
    {
        await Append([], "1", "2", "3");
        var first = await store.SettleAndLock(Queue, "s", null, Queue.BatchSize);
        Assert.Equal(["1", "2"], Ids(first));
        Assert.Equal(["3"], Ids(await store.SettleAndLock(Queue, "s", null, Queue.BatchSize)));
        Assert.Equal(["1", "2"], Ids(await store.SettleAndLock(Queue, "s", new Settlement(first, "no"), Queue.BatchSize)));
    }

    [Fact]
    public async Task What_is_abandoned_after_it_expired_is_gone()
    {
        var shortLived = Message("1") with { TimeToLive = TimeSpan.FromSeconds(30) };
        var delivered = (await store.Append(Queue, [shortLived], ["s"], CancellationToken.None))["s"];
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(await store.SettleAndLock(Queue, "s", new Settlement(delivered, "no"), Queue.BatchSize));
        Assert.Equal(new QueueCounts(0, 0, 0), store.Count(Queue.Name));
    }

    [Fact]
    public async Task A_sequence_number_is_never_given_twice()
    {
        var first = (await Append(["s"], "1"))["s"];
        await store.SettleAndLock(Queue, "s", new Settlement(first, null), Queue.BatchSize);
        var second = (await Append(["s"], "2"))["s"];
        Assert.True(second[0].Sequence > first[0].Sequence);
    }

    [Fact]
    public async Task The_history_that_is_over_goes_little_by_little()
    {
        await Append([], "1", "2", "3", "4", "5");
        clock.Advance(Queue.Settings.DuplicateDetectionHistoryTimeWindow);
        await Append([], "6");
        Assert.Equal(4, Remembered());
        await Append([], "7");
        await Append([], "8");
        Assert.Equal(3, Remembered());
    }

    private Task<IReadOnlyDictionary<string, List<BusMessage>>> Append(IReadOnlyCollection<string> waiting, params string[] ids) =>
        store.Append(Queue, [.. ids.Select(Message)], waiting, CancellationToken.None);

    private static IncomingMessage Message(string id) =>
        new(new BrokerProperties { MessageId = id, SessionId = "s" }, "{}", "x"u8.ToArray(), DueAt: null, TimeToLive: null);

    private static List<string> Ids(IEnumerable<BusMessage> messages) => messages.Select(m => m.Properties.MessageId!).ToList();

    private long Remembered() => database.Read(session => session.Scalar("select count(*) from bus_history", 0L));
}
