using Hexabase.Backtesting.Strategies;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Strategies;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Sweeps;

public sealed class StartSweepTests
{
    [Fact]
    public async Task One_commit_takes_the_charge_and_records_sweep_search_ledger_and_outbox()
    {
        await using var area = await SweepsArea.New(credits: 5);
        area.Runs.Crash.After(1);
        var id = await area.Accepted("key", evaluations: 401);

        var sweep = await area.Read(id);
        Assert.Equal((SweepStatus.Queued, Lane.Paid, 401, 0), (sweep.Status, sweep.Queue, sweep.Evaluations, sweep.Evaluated));
        Assert.Equal([new PaidRuns(Charge.DailyRun, 3), new PaidRuns(Charge.Credit, 2)], sweep.Paid);
        var quota = await area.Runs.ReadQuota();
        Assert.Equal((0, 3L), (quota.ComputeLeft, quota.CreditBalance));
        Assert.Equal(
            [(LedgerType.CreditConsume, -2L, sweep.SweepId), (LedgerType.Run, -3L, sweep.SweepId)],
            (await area.Runs.ReadLedger()).Select(e => (e.Type, e.Amount, e.SweepId)).OrderBy(e => e.Type == LedgerType.Run));
        var sent = Assert.Single(await area.Runs.ReadOutbox()).Value;
        Assert.Equal((sweep.SweepId, sweep.SweepId, null), (sent.MessageId, sent.SweepId, sent.RunId));
        Assert.StartsWith("paid/", sent.SessionId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_gets_the_same_sweep_and_is_not_charged_even_when_nothing_is_left()
    {
        await using var area = await SweepsArea.New();
        var first = await area.Accepted("key", evaluations: 300);
        Assert.Equal(first, await area.Accepted("key", evaluations: 300));
        Assert.Single(await area.Runs.ReadLedger());
    }

    [Fact]
    public async Task The_same_key_for_another_search_or_for_a_run_is_refused()
    {
        await using var area = await SweepsArea.New();
        await area.Accepted("sweep");
        await area.Runs.Accepted("run");
        Assert.IsType<IdempotencyKeyReused>((await area.Start.Handle(area.Ask("sweep", evaluations: 11), default)).Refusal());
        Assert.IsType<IdempotencyKeyReused>((await area.Start.Handle(area.Ask("run"), default)).Refusal());
        Assert.IsType<IdempotencyKeyReused>((await area.Runs.Start.Handle(area.Runs.Ask("sweep"), default)).Refusal());
    }

    [Fact]
    public async Task Concurrent_sweeps_and_runs_never_take_more_than_there_is()
    {
        await using var area = await SweepsArea.New(credits: 6);
        var sweeps = Enumerable.Range(0, 8).Select(async i =>
            (await area.Start.Handle(area.Ask($"s{i}", evaluations: 150), default)).Succeeded(out _, out _) ? 2 : 0);
        var runs = Enumerable.Range(0, 8).Select(async i =>
            (await area.Runs.Start.Handle(area.Runs.Ask($"r{i}"), default)).Succeeded(out _, out _) ? 1 : 0);
        Assert.Equal(9, (await Task.WhenAll(sweeps.Concat(runs))).Sum());
        var quota = await area.Runs.ReadQuota();
        Assert.Equal((0, 0L), (quota.ComputeLeft, quota.CreditBalance));
    }

    [Fact]
    public async Task Too_few_runs_left_take_nothing_and_the_refusal_tells_the_numbers()
    {
        await using var area = await SweepsArea.New(credits: 1);
        var refused = Assert.IsType<NoCredit>((await area.Start.Handle(area.Ask("key", evaluations: 401), default)).Refusal());
        Assert.Equal((5, 4L), (refused.Members!["runs_needed"], refused.Members["runs_left"]));
        Assert.Equal((3, 1L), ((await area.Runs.ReadQuota()).ComputeLeft, (await area.Runs.ReadQuota()).CreditBalance));
        Assert.Empty(await area.Runs.ReadLedger());
    }

    [Fact]
    public async Task What_is_wrong_with_a_search_is_named_by_its_place_in_the_request_and_costs_nothing()
    {
        await using var area = await SweepsArea.New();
        var ask = area.Ask("key", """{"parameters":{"fast":{"from":"two"},"other":{}},"objective":"luck"}""");
        var refused = Assert.IsType<SearchInvalid>((await area.Start.Handle(ask, default)).Refusal());
        var paths = Assert.IsAssignableFrom<IEnumerable<StrategyError>>(refused.Members!["errors"]).Select(error => error.Path).ToList();
        Assert.Equal(RefusalKind.Unprocessable, refused.Kind);
        Assert.Equal("search.parameters.fast.from", refused.Field);
        Assert.Contains("search.parameters.other", paths);
        Assert.Contains("search.objective", paths);
        Assert.Empty(await area.Runs.ReadLedger());
    }

    [Fact]
    public async Task A_search_that_is_no_object_is_invalid_input()
    {
        await using var area = await SweepsArea.New();
        var refused = (await area.Start.Handle(area.Ask("key", "[1]"), default)).Refusal();
        Assert.Equal((RefusalKind.Invalid, "search"), (refused.Kind, refused.Field));
    }

    [Theory]
    [InlineData("code_hash")]
    [InlineData("dataset_hash")]
    public async Task A_hash_that_is_not_what_is_stored_is_a_conflict_naming_it(string field)
    {
        await using var area = await SweepsArea.New();
        var other = new string('0', 64);
        var ask = field == "code_hash" ? area.Ask("key") with { CodeHash = other } : area.Ask("key") with { DatasetHash = other };
        Assert.Equal(field, Assert.IsType<HashMismatch>((await area.Start.Handle(ask, default)).Refusal()).Field);
    }

    [Fact]
    public async Task Anothers_strategy_can_be_searched_while_it_is_public()
    {
        await using var area = await SweepsArea.New();
        var stranger = Ids.NewAccount();
        await area.Runs.Documents.Commit(
            new DocumentBatch(Containers.Accounts, stranger).Create(Quota.DocumentId, await area.Runs.ReadQuota()), default);
        Assert.IsType<StrategyNotFound>((await area.Start.Handle(area.Ask("1") with { AccountId = stranger }, default)).Refusal());
        await area.Runs.Show(Visibility.Public);
        Assert.True((await area.Start.Handle(area.Ask("2") with { AccountId = stranger }, default)).Succeeded(out _, out _));
    }

    [Fact]
    public async Task The_rate_limit_of_runs_counts_a_sweep_as_one()
    {
        await using var area = await SweepsArea.New(PlanName.Pro);
        await area.Runs.Write(await area.Runs.ReadQuota() with { RunsPerMinute = 2 });
        await area.Accepted("1", evaluations: 900);
        await area.Runs.Accepted("2");
        Assert.IsType<TooManyRuns>((await area.Start.Handle(area.Ask("3"), default)).Refusal());
    }
}
