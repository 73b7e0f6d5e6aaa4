using System.Text.Json;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Sweeps;

/// <summary>The use cases of sweeps beside those of runs, with an engine that a test may stand in for.</summary>
internal sealed class SweepsArea : IAsyncDisposable
{
    private SweepsArea(RunsArea runs)
    {
        Runs = runs;
        Start = new StartSweepHandler(
            runs.Documents, TestPlans.Product, runs.Inputs, JobSlots.Default, runs.Outbox, runs.Locks, runs.Clock);
        Execute = NewExecutor(SweepExecutionOptions.Default);
        Cancel = new CancelSweepHandler(runs.Documents, runs.SweepEnding, runs.Clock);
        Get = new GetSweepHandler(runs.Documents, new LongPoll(runs.Clock));
        GetResult = new GetSweepResultHandler(Get, runs.Blobs);
        List = new ListSweepsHandler(runs.Documents);
    }

    public RunsArea Runs { get; }

    public SweepEngine Engine { get; set; } = Sweep.Run;

    public StartSweepHandler Start { get; }

    public ExecuteSweepHandler Execute { get; }

    public CancelSweepHandler Cancel { get; }

    public GetSweepHandler Get { get; }

    public GetSweepResultHandler GetResult { get; }

    public ListSweepsHandler List { get; }

    public static async Task<SweepsArea> New(PlanName plan = PlanName.Free, long credits = 0, string? rule = null) =>
        new(await RunsArea.New(plan, credits, rule));

    public ExecuteSweepHandler NewExecutor(SweepExecutionOptions options) => new(
        Runs.Documents, Runs.Blobs, Runs.Inputs, Runs.SweepEnding, Runs.Jobs,
        (strategy, candles, search, threads, evaluated, ct) => Engine(strategy, candles, search, threads, evaluated, ct),
        RunExecutionOptions.Default, options, Runs.Clock, NullLogger<ExecuteSweepHandler>.Instance);

    /// <summary>A search that takes so many backtests.</summary>
    public StartSweep Ask(string key, int evaluations = 10) => Ask(
        key, $$"""{"parameters":{"slow":{"from":2,"to":{{evaluations + 1}},"step":1} } }""");

    public StartSweep Ask(string key, string search) => new(
        Runs.AccountId, key, RunsArea.Sid, Runs.CodeHash, Runs.DatasetHash, JsonElement.Parse(search), "test");

    public async Task<SweepId> Accepted(string key, int evaluations = 10)
    {
        var sweep = (await Start.Handle(Ask(key, evaluations), default)).Value();
        Assert.True(SweepId.TryParse(sweep.SweepId, out var id));
        return id;
    }

    public static JobMessage Message(SweepId id) => new(RunId: null, "test", SweepId: id.ToString());

    /// <summary>Delivers a sweep's message as the queue does.</summary>
    public Task Deliver(SweepId id) => Execute.Handle(Message(id), default);

    /// <summary>Begins a try whose process dies before anything else.</summary>
    public Task ClaimedAndGone(SweepId id) =>
        Runs.Jobs.Claim<SweepJob>(id.Account, SweepJob.DocumentId(id), _ => Task.FromResult(false), default);

    public Task<Result<SweepJob>> Cancelled(SweepId id) => Cancel.Handle(new CancelSweep(id.ToString(), Runs.AccountId), default);

    public async Task<SweepJob> Read(SweepId id) => (await SweepJob.Read(Runs.Documents, id, default))!.Value;

    /// <summary>Lets time pass until the sweep is as it is to be.</summary>
    public Task<SweepJob> Becomes(SweepId id, Func<SweepJob, bool> condition) => Eventually.Holds(
        () =>
        {
            Runs.Clock.Advance(TimeSpan.FromMilliseconds(500));
            return Read(id);
        },
        condition);

    public ValueTask DisposeAsync() => Runs.DisposeAsync();
}
