using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Sweeps;

public sealed class CancelSweepTests
{
    [Fact]
    public async Task One_that_waits_ends_at_once_gives_back_everything_and_is_not_executed_any_more()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key", evaluations: 300);
        var cancelled = (await area.Cancelled(id)).Value();
        Assert.Equal((SweepStatus.Cancelled, area.Runs.Clock.GetUtcNow()), (cancelled.Status, cancelled.FinishedAt));
        Assert.Equal(3, (await area.Runs.ReadQuota()).ComputeLeft);
        await area.Deliver(id);
        Assert.Equal((SweepStatus.Cancelled, 0), ((await area.Read(id)).Status, (await area.Read(id)).Attempt));
    }

    [Fact]
    public async Task One_that_computes_stops_and_gives_back_the_runs_it_has_not_used_up()
    {
        await using var area = await SweepsArea.New(credits: 2);
        using var engine = new HeldEngine(done: 199);
        area.Engine = engine.Run;
        var id = await area.Accepted("key", evaluations: 500);
        var execution = area.Deliver(id);
        await engine.Began;

        var asked = (await area.Cancelled(id)).Value();
        Assert.Equal((SweepStatus.Running, area.Runs.Clock.GetUtcNow()), (asked.Status, asked.CancelRequestedAt));
        var sweep = await area.Becomes(id, sweep => sweep.IsFinished());
        await execution;

        Assert.Equal((SweepStatus.Cancelled, 199, null), (sweep.Status, sweep.Evaluated, sweep.Failure));
        Assert.Equal([new PaidRuns(Charge.Credit, 2), new PaidRuns(Charge.DailyRun, 2)], sweep.GivenBack);
        Assert.Equal((2, 2L), ((await area.Runs.ReadQuota()).ComputeLeft, (await area.Runs.ReadQuota()).CreditBalance));
    }

    [Fact]
    public async Task Asking_again_answers_the_same_and_a_finished_one_answers_how_it_ended()
    {
        await using var area = await SweepsArea.New();
        using var engine = new HeldEngine(done: 4);
        area.Engine = engine.Run;
        var id = await area.Accepted("key");
        var execution = area.Deliver(id);
        await engine.Began;
        var asked = (await area.Cancelled(id)).Value().CancelRequestedAt;
        Assert.Equal(asked, (await area.Cancelled(id)).Value().CancelRequestedAt);
        engine.Release();
        await execution; // it was faster than the request
        Assert.Equal(SweepStatus.Succeeded, (await area.Cancelled(id)).Value().Status);
        Assert.Single(await area.Runs.ReadLedger());
    }

    [Fact]
    public async Task One_whose_process_has_gone_ends_with_the_next_delivery_and_gives_back_everything()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key", evaluations: 300);
        await area.ClaimedAndGone(id);
        await area.Cancelled(id);
        await area.Deliver(id);
        Assert.Equal((SweepStatus.Cancelled, 1), ((await area.Read(id)).Status, (await area.Read(id)).Attempt));
        Assert.Equal(3, (await area.Runs.ReadQuota()).ComputeLeft);
    }

    [Fact]
    public async Task A_cancellation_that_crashed_after_its_commit_gives_back_once()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        area.Runs.Crash.RightAfter(0);
        await Assert.ThrowsAsync<CrashException>(() => area.Cancelled(id));
        area.Runs.Crash.Never();
        await area.Cancelled(id);
        Assert.Equal(3, (await area.Runs.ReadQuota()).ComputeLeft);
        Assert.Equal(2, (await area.Runs.ReadLedger()).Count);
    }

    [Fact]
    public async Task Daily_runs_come_back_to_the_present_day()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key", evaluations: 200);
        area.Runs.Clock.Advance(TimeSpan.FromHours(13));
        await area.Cancelled(id);
        Assert.Equal(5, (await area.Runs.ReadQuota()).ComputeLeft);
    }

    [Fact]
    public async Task Runs_of_elite_are_taken_off_the_usage_month_that_counted_them_also_when_it_is_over_and_recorded()
    {
        await using var area = await SweepsArea.New(PlanName.Elite);
        await area.Runs.Write(await area.Runs.ReadQuota() with { IncludedMonthly = 1_998 });
        var id = await area.Accepted("key", evaluations: 500);
        area.Runs.Clock.Advance(TimeSpan.FromDays(40));
        await area.Runs.Accepted("next-month");
        Assert.Equal(2_003, Assert.Single(await area.Runs.ReadUsageMonths()).Runs);

        var sweep = (await area.Cancelled(id)).Value();
        Assert.Equal([new PaidRuns(Charge.Overage, 3), new PaidRuns(Charge.Included, 2)], sweep.GivenBack);
        Assert.Equal(1_998, Assert.Single(await area.Runs.ReadUsageMonths()).Runs);
        Assert.Equal(1, (await area.Runs.ReadQuota()).IncludedMonthly);
    }

    [Fact]
    public async Task Nobody_cancels_anothers_sweep()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        var answer = await area.Cancel.Handle(new CancelSweep(id.ToString(), Ids.NewAccount()), default);
        Assert.IsType<SweepNotFound>(answer.Refusal());
        Assert.Equal(SweepStatus.Queued, (await area.Read(id)).Status);
    }
}
