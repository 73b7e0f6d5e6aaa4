using System.Globalization;
using System.Text;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Messaging;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Runs;

/// <summary>The use cases of runs on a real document store that can be made to crash, with one account and one strategy of its own.</summary>
internal sealed class RunsArea : IAsyncDisposable
{
    public const string Sid = "s_test";

    private readonly TemporaryDocumentStore stored;

    private RunsArea(ManualTimeProvider clock)
    {
        Clock = clock;
        stored = new TemporaryDocumentStore(clock);
        Documents = new CrashingDocumentStore(stored, Crash);
        Inputs = new RunInputs(Documents, Blobs);
        Outbox = new OutboxSender(Queue, Documents, clock, NullLogger<OutboxSender>.Instance);
        Jobs = new JobQueue(Documents, Outbox, JobSlots.Default, clock, NullLogger<JobQueue>.Instance);
        Ending = new RunEnding(Documents, Inputs, TestPlans.Product, Locks, clock);
        SweepEnding = new SweepEnding(Documents, TestPlans.Product, Locks, clock);
        Start = new StartRunHandler(Documents, TestPlans.Product, JobSlots.Default, Outbox, Locks, clock);
        Execute = NewExecutor(RunExecutionOptions.Default);
        Grant = new GrantRightsHandler(Documents, TestPlans.Product, Locks, clock);
        Get = new GetRunHandler(Documents, new LongPoll(clock));
        GetResult = new GetRunResultHandler(Get, Blobs);
        Report = new GetReportHandler(Documents, Blobs);
        ResendOutbox = new ResendOutboxHandler(Documents, Outbox, clock, NullLogger<ResendOutboxHandler>.Instance);
        ResendStuckJobs = new ResendStuckJobsHandler(Documents, [Ending, SweepEnding], Jobs, clock, NullLogger<ResendStuckJobsHandler>.Instance);
    }

    public string AccountId { get; } = Ids.NewAccount();

    public ManualTimeProvider Clock { get; }

    public CrashPoint Crash { get; } = new();

    public CrashingDocumentStore Documents { get; }

    public FailingBlobStore Blobs { get; } = new();

    public RecordedQueue Queue { get; } = new();

    public OutboxSender Outbox { get; }

    public KeyedLock Locks { get; } = new();

    public RunInputs Inputs { get; }

    public JobQueue Jobs { get; }

    public RunEnding Ending { get; }

    public SweepEnding SweepEnding { get; }

    public StartRunHandler Start { get; }

    public ExecuteRunHandler Execute { get; }

    public GrantRightsHandler Grant { get; }

    public GetRunHandler Get { get; }

    public GetRunResultHandler GetResult { get; }

    public GetReportHandler Report { get; }

    public ResendOutboxHandler ResendOutbox { get; }

    public ResendStuckJobsHandler ResendStuckJobs { get; }

    public string CodeHash { get; private set; } = "";

    public string DatasetHash { get; private set; } = "";

    public static async Task<RunsArea> New(PlanName plan = PlanName.Free, long credits = 0, string? rule = null)
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero));
        var area = new RunsArea(clock);
        var (quota, _) = Quota.ForNewAccount(TestPlans.Product, clock.GetUtcNow()).ChangePlan(TestPlans.Product, plan, clock.GetUtcNow());
        await area.Documents.Commit(
            new DocumentBatch(Containers.Accounts, area.AccountId).Create(Quota.DocumentId, quota with { CreditBalance = credits, RunsPerMinute = 10_000 }), default);
        await area.SaveStrategy(rule ?? "cross_above(sma(close, fast), sma(close, slow))");
        return area;
    }

    public ExecuteRunHandler NewExecutor(RunExecutionOptions options, IResultSigner? signer = null) =>
        new(Documents, Blobs, Inputs, signer ?? TestSigner.Instance, Ending, Jobs, options, NullLogger<ExecuteRunHandler>.Instance);

    public StartRun Ask(string key, long seed = 1) => new(AccountId, key, Sid, seed, CodeHash, DatasetHash, "test");

    public async Task<RunId> Accepted(string key, long seed = 1)
    {
        var result = await Start.Handle(Ask(key, seed), default);
        Assert.True(result.Succeeded(out var id, out var refusal), refusal?.Detail);
        return id;
    }

    /// <summary>Delivers a run's message as the queue does.</summary>
    public Task Deliver(RunId id, ExecuteRunHandler? executor = null) =>
        (executor ?? Execute).Handle(new JobMessage(id.ToString(), "test"), default);

    /// <summary>Makes the strategy public, or its owner's alone again.</summary>
    public async Task Show(Visibility visibility)
    {
        var present = (await Strategy.Read(Documents, Sid, default))!.Value;
        var changed = present with { Visibility = visibility, Revision = present.Revision + 1 };
        await Documents.Commit(new DocumentBatch(Containers.Strategies, Sid).Upsert(Strategy.DocumentId, changed), default);
    }

    /// <summary>An operator's grant to the account.</summary>
    public GrantRights Grants(string key, PlanName? plan = null, long credits = 0, int dailyRuns = 0, int? runsPerMinute = null) =>
        new("operator", AccountId, key, "test", plan, SpeedPack: null, credits, dailyRuns, runsPerMinute, "test");

    public async Task Write(Quota quota) =>
        await Documents.Commit(new DocumentBatch(Containers.Accounts, AccountId).Upsert(Quota.DocumentId, quota), default);

    public async Task<IReadOnlyList<UsageMonth>> ReadUsageMonths() => [.. (await All<UsageMonth>("usage-month:")).Select(d => d.Value)];

    public async Task<Run> Read(RunId id) => (await Run.Read(Documents, id, default))!.Value;

    public async Task<Quota> ReadQuota() =>
        (await Documents.Read<Quota>(Containers.Accounts, AccountId, Quota.DocumentId, default))!.Value;

    public async Task<IReadOnlyList<LedgerEntry>> ReadLedger() => [.. (await All<LedgerEntry>("ledger:")).Select(d => d.Value)];

    public Task<IReadOnlyList<Document<OutboxEntry>>> ReadOutbox() => All<OutboxEntry>("outbox:");

    public Task<IReadOnlyList<Document<Run>>> ReadRuns() => All<Run>("run:");

    public async ValueTask DisposeAsync()
    {
        Inputs.Dispose();
        Locks.Dispose();
        await stored.DisposeAsync();
    }

    public async Task<IReadOnlyList<Document<T>>> All<T>(string prefix) where T : class =>
        (await Documents.Query<T>(new PartitionQuery(Containers.Accounts, AccountId, prefix, 1_000), default)).Items;

    /// <summary>Records the strategy's dataset as one of so many candles, whatever its content.</summary>
    public async Task StoreDataset(long rows)
    {
        var now = Clock.GetUtcNow();
        var dataset = new Dataset(DatasetHash, "test", "EURUSD", "H1", Synthetic: false, rows, SizeBytes: 1, now, now, now);
        await Documents.Commit(new DocumentBatch(Containers.Datasets, DatasetHash).Upsert(Dataset.DocumentId, dataset), default);
    }

    private async Task SaveStrategy(string rule)
    {
        var csv = new StringBuilder("time,open,high,low,close,volume\n");
        for (var i = 0; i < 200; i++)
            csv.Append(CultureInfo.InvariantCulture, $"2026-01-{1 + (i / 24):D2}T{i % 24:D2}:00:00Z,1.1,1.2,1,{1.05 + (i % 11 / 100.0):0.##},1\n");
        var bytes = Encoding.UTF8.GetBytes(csv.ToString());
        DatasetHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        await Blobs.Put(Dataset.BlobPath(DatasetHash), bytes, "text/csv", default);
        await StoreDataset(rows: 200);

        var code = JsonElement.Parse($$"""
            {"schema":"hexabase.strategy/v1","name":"test","pair":"EURUSD","timeframe":"H1",
             "parameters":{"fast":{"default":3,"min":2,"max":60,"step":1,"integer":true},"slow":{"default":5,"min":2,"max":10001,"step":1,"integer":true} },
             "entry":{"long":"{{rule}}"},"exit":{"long":"close < sma(close, 5)"} }
            """);
        CodeHash = Hexabase.Backtesting.Json.CodeHash.Of(code);
        var now = Clock.GetUtcNow();
        var strategy = new Strategy(Sid, AccountId, "test", Visibility.Unpublished, 1, CodeHash, DatasetHash, code, Lineage: null, now, now);
        await Documents.Commit(
            new DocumentBatch(Containers.Strategies, Sid)
                .Create(Strategy.DocumentId, strategy)
                .Create(StrategyVersion.DocumentId(1), new StrategyVersion(1, CodeHash, DatasetHash, code, now)),
            default);
    }
}

/// <summary>Remembers what was sent; drops a message id it has seen, as a queue with duplicate detection does.</summary>
internal sealed class RecordedQueue : IMessageSender
{
    private readonly Dictionary<string, OutgoingMessage> messages = new(StringComparer.Ordinal);

    public bool IsDown { get; set; }

    /// <summary>Id of a message that it never takes.</summary>
    public string? Refused { get; set; }

    public IReadOnlyCollection<OutgoingMessage> Messages => messages.Values;

    public Task Send(string queue, IReadOnlyList<OutgoingMessage> sent, CancellationToken ct)
    {
        if (IsDown)
            throw new MessagingException("The queue is down.", isRejection: false);
        if (sent.Any(message => message.MessageId == Refused))
            throw new MessagingException("The queue does not take this.", isRejection: true);
        foreach (var message in sent)
            messages.TryAdd(message.MessageId, message);
        return Task.CompletedTask;
    }
}
