using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Runs;

public sealed class StartRunTests
{
    [Fact]
    public async Task One_commit_takes_the_charge_and_records_run_ledger_and_outbox()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");

        var run = await area.Read(id);
        Assert.Equal((RunStatus.Queued, Lane.Free, Charge.DailyRun), (run.Status, run.Queue, run.Charge));
        Assert.Equal(2, (await area.ReadQuota()).ComputeLeft);
        Assert.Equal((LedgerType.Run, -1L, run.RunId), Assert.Single((await area.ReadLedger()).Select(e => (e.Type, e.Amount, e.RunId))));
        Assert.Equal(run.RunId, Assert.Single(await area.ReadOutbox()).Value.MessageId);
    }

    [Fact]
    public async Task A_repeat_gets_the_same_run_and_is_not_charged_even_when_nothing_is_left()
    {
        await using var area = await RunsArea.New();
        var first = await area.Accepted("1");
        await area.Accepted("2");
        await area.Accepted("3");

        Assert.Equal(first, await area.Accepted("1"));
        Assert.Equal(3, (await area.ReadLedger()).Count);
    }

    [Fact]
    public async Task The_same_key_with_other_inputs_is_refused()
    {
        await using var area = await RunsArea.New();
        await area.Accepted("key", seed: 1);
        Assert.False((await area.Start.Handle(area.Ask("key", seed: 2), default)).Succeeded(out _, out var refusal));
        Assert.IsType<IdempotencyKeyReused>(refusal);
    }

    [Fact]
    public async Task A_key_is_free_again_after_seven_days()
    {
        await using var area = await RunsArea.New();
        var first = await area.Accepted("key");
        area.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, await area.Accepted("key"));
    }

    [Fact]
    public async Task Of_many_concurrent_requests_with_one_key_one_run_comes_out()
    {
        await using var area = await RunsArea.New(PlanName.Pro);
        var ids = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => area.Accepted("key")));
        Assert.Single(ids.Distinct());
        Assert.Equal(299, (await area.ReadQuota()).ComputeLeft);
    }

    [Fact]
    public async Task Concurrent_requests_never_take_more_than_there_is()
    {
        await using var area = await RunsArea.New(credits: 4);
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => area.Start.Handle(area.Ask($"{i}"), default)));
        Assert.Equal(7, results.Count(r => r.Succeeded(out _, out _)));
        Assert.Equal((0, 0L), ((await area.ReadQuota()).ComputeLeft, (await area.ReadQuota()).CreditBalance));
    }

    [Theory]
    [InlineData("code_hash")]
    [InlineData("dataset_hash")]
    public async Task A_hash_that_is_not_what_is_stored_is_a_conflict_naming_it(string field)
    {
        await using var area = await RunsArea.New();
        var other = new string('0', 64);
        var ask = field == "code_hash" ? area.Ask("key") with { CodeHash = other } : area.Ask("key") with { DatasetHash = other };
        Assert.False((await area.Start.Handle(ask, default)).Succeeded(out _, out var refusal));
        Assert.Equal(field, Assert.IsType<HashMismatch>(refusal).Field);
        Assert.Empty(await area.ReadLedger());
    }

    [Fact]
    public async Task The_rate_limit_comes_before_everything_else()
    {
        await using var area = await RunsArea.New(PlanName.Pro);
        await area.Documents.Commit(
            new Domain.Documents.DocumentBatch(Domain.Documents.Containers.Accounts, area.AccountId)
                .Upsert(Quota.DocumentId, await area.ReadQuota() with { RunsPerMinute = null }),
            default);
        for (var i = 0; i < 30; i++)
            await area.Accepted($"{i}");
        Assert.False((await area.Start.Handle(area.Ask("0"), default)).Succeeded(out _, out var refusal));
        Assert.IsType<TooManyRuns>(refusal);
    }

    [Fact]
    public void No_sequence_of_calls_repeats_and_crashes_makes_a_balance_negative_loses_a_credit_or_charges_a_repeat() =>
        Prop.ForAll(Gen.ListOf(Steps()).ToArbitrary(), steps => Play(steps).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    private enum Death
    {
        BeforeCommit,
        AfterCommit,
    }

    /// <summary>A client asks for run number n, and the process may die around the commit; then the client asks again with the same key.</summary>
    private static Gen<(int Run, Death? Death)> Steps() =>
        from run in Gen.Choose(0, 8)
        from death in Gen.Elements<Death?>(null, Death.BeforeCommit, Death.AfterCommit)
        select (run, death);

    private static async Task<bool> Play(IEnumerable<(int Run, Death? Death)> steps)
    {
        await using var area = await RunsArea.New(credits: 2);
        var answered = new Dictionary<int, RunId>();
        foreach (var (number, death) in steps)
        {
            if (death == Death.BeforeCommit)
                area.Crash.After(0);
            if (death == Death.AfterCommit)
                area.Crash.RightAfter(0);
            try
            {
                if ((await area.Start.Handle(area.Ask($"{number}", number), default)).Succeeded(out var id, out _)
                    && answered.TryAdd(number, id) is false && answered[number] != id)
                    return false;
            }
            catch (CrashException)
            {
                // The client hears nothing.
            }
            area.Crash.Never();
        }
        var (quota, runs, ledger) = (await area.ReadQuota(), await area.ReadRuns(), await area.ReadLedger());
        var taken = 5 - quota.ComputeLeft - quota.CreditBalance;
        return quota.ComputeLeft >= 0 && quota.CreditBalance >= 0
            && taken == runs.Count && ledger.Count == runs.Count
            && 2 + ledger.Where(e => e.Unit == LedgerUnit.Credit).Sum(e => e.Amount) == quota.CreditBalance
            && answered.Values.All(id => runs.Any(run => run.Value.RunId == id.ToString()));
    }
}
