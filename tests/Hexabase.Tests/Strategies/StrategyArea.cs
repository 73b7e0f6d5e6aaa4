using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Strategies;

/// <summary>The use cases of strategies on a real document store, with what a test wants to see or to break.</summary>
internal sealed class StrategyArea : IAsyncDisposable
{
    public const string DatasetHash = "d5a7000000000000000000000000000000000000000000000000000000000001";

    private readonly TemporaryDocumentStore store = new();
    private readonly RunInputs inputs;

    /// <param name="savedStrategies">How many strategies plan free keeps; null for what it really keeps.</param>
    public StrategyArea(int? savedStrategies = null)
    {
        if (savedStrategies is { } limit)
        {
            var free = Plans[PlanName.Free] with { SavedStrategies = limit };
            Plans = Plans with { ByName = new Dictionary<string, Plan>(Plans.ByName, StringComparer.Ordinal) { ["free"] = free } };
        }
        Documents = new CrashingDocumentStore(store, Crash);
        var blobs = new CrashingBlobStore(Blobs, Crash);
        var writer = new StrategyWriter(Documents, blobs);
        Library = new StrategyLibrary(Documents, writer, Plans, NullLogger<StrategyLibrary>.Instance);
        Publish = new PublishStrategyHandler(Library, Documents, Clock);
        Fork = new ForkStrategyHandler(Library, Documents, Runs, new ForkLimit(Plans, Clock), Plans, Clock);
        Get = new GetStrategyHandler(Documents);
        List = new ListStrategiesHandler(Library, Documents);
        inputs = new RunInputs(Documents, blobs);
        Seed = new SeedCatalog(Documents, writer, new DatasetWriter(Documents, blobs), new BuiltInReports(Documents, blobs, inputs, TestSigner.Instance));
    }

    public Plans Plans { get; } = TestPlans.Product;

    public ManualTimeProvider Clock { get; } = new();

    public CrashPoint Crash { get; } = new();

    public RecordedRuns Runs { get; } = new();

    public InMemoryBlobStore Blobs { get; } = new();

    public CrashingDocumentStore Documents { get; }

    public StrategyLibrary Library { get; }

    public PublishStrategyHandler Publish { get; }

    public ForkStrategyHandler Fork { get; }

    public GetStrategyHandler Get { get; }

    public ListStrategiesHandler List { get; }

    public SeedCatalog Seed { get; }

    /// <summary>A new account on a plan, and the dataset that <see cref="Code"/> names.</summary>
    public async Task<string> Account(PlanName plan = PlanName.Free)
    {
        var id = await store.NewAccount(plan, Clock.GetUtcNow());
        var time = DateTimeOffset.UnixEpoch;
        var dataset = new Dataset(DatasetHash, "Test", "EURUSD", "H1", Synthetic: true, Rows: 2, SizeBytes: 100, time, time, time);
        await store.Commit(new DocumentBatch(Containers.Datasets, DatasetHash).Upsert(Dataset.DocumentId, dataset), default);
        return id;
    }

    /// <summary>Makes the dataset of <see cref="Account"/> a built-in one.</summary>
    public async Task BuildIn(string pair, string timeframe)
    {
        var dataset = (await Dataset.Read(store, DatasetHash, default))!.Value;
        await store.Commit(
            new DocumentBatch(Containers.Listings, Dataset.BuiltInList).Upsert(Dataset.BuiltInId(pair, timeframe), dataset), default);
    }

    public Task SetPlan(string accountId, PlanName plan) => store.SetPlan(accountId, plan, Clock.GetUtcNow());

    /// <summary>A good document; another <paramref name="fast"/> makes it another strategy.</summary>
    public static JsonElement Code(int fast = 10, string? dataset = DatasetHash) => JsonSerializer.SerializeToElement(new
    {
        schema = "hexabase.strategy/v1",
        name = "SMA cross",
        description = "Trades crossings of two moving averages.",
        pair = "EURUSD",
        timeframe = "H1",
        dataset_hash = dataset,
        parameters = new { fast = new { @default = fast, min = 1, max = 500 } },
        entry = new { @long = "cross_above(sma(close, fast), sma(close, 200))" },
        exit = new { @long = "cross_below(sma(close, fast), sma(close, 200))" },
    }, DomainJson.Options);

    /// <summary>Publishes a new strategy as the clock moves on by a second.</summary>
    public async Task<PublishedStrategy> Published(string accountId, string visibility = "public", int fast = 10)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return (await Publish.Handle(new PublishStrategy(accountId, null, Code(fast), visibility), default)).Value();
    }

    /// <summary>Forks as another client address each time, and the clock moves on by a second.</summary>
    public Task<Result<ForkedStrategy>> TryFork(string accountId, string sid, string? key = null)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        return Fork.Handle(new ForkStrategy(accountId, sid, Seed: 0, $"address {Guid.NewGuid()}", key, "correlation"), default);
    }

    public async Task<ForkedStrategy> Forked(string accountId, string sid, string? key = null) =>
        (await TryFork(accountId, sid, key)).Value();

    /// <summary>Everything on an account's list.</summary>
    public async Task<IReadOnlyList<SavedStrategy>> Saved(string accountId) =>
        await All(continuation => List.Handle(new ListOwnStrategies(accountId, 100, continuation), default));

    /// <summary>Everything on the public list.</summary>
    public async Task<IReadOnlyList<PublicStrategy>> PublicList() =>
        await All(continuation => List.Handle(new ListStrategies(100, continuation), default));

    public async Task<Strategy?> Stored(string sid) => (await Strategy.Read(store, sid, default))?.Value;

    public async Task<StrategyShelf> Shelf(string accountId) =>
        (await store.Read<StrategyShelf>(Containers.Accounts, accountId, StrategyShelf.DocumentId, default))?.Value ?? StrategyShelf.Empty;

    public async ValueTask DisposeAsync()
    {
        inputs.Dispose();
        Library.Dispose();
        await store.DisposeAsync();
    }

    private static async Task<IReadOnlyList<T>> All<T>(Func<string?, Task<Result<Listed<T>>>> read)
    {
        var all = new List<T>();
        string? continuation = null;
        do
        {
            var page = (await read(continuation)).Value();
            all.AddRange(page.Items);
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return all;
    }
}
