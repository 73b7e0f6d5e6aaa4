using System.Text.Json;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Sweeps;

public sealed class ExecuteSweepTests
{
    [Fact]
    public async Task A_sweep_goes_from_queued_to_succeeded_with_its_times_best_figures_and_result()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        area.Runs.Clock.Advance(TimeSpan.FromSeconds(1));
        await area.Deliver(id);

        var sweep = await area.Read(id);
        Assert.Equal((SweepStatus.Succeeded, 1, 10, null), (sweep.Status, sweep.Attempt, sweep.Evaluated, sweep.WatchUntil));
        Assert.Equal(sweep.CreatedAt.AddSeconds(1), sweep.StartedAt);
        Assert.Contains("slow", sweep.Best!.Parameters.Keys);
        var result = (await area.GetResult.Handle(new GetSweepResult(id.ToString(), area.Runs.AccountId, KnownETag: null), default)).Value();
        Assert.Equal("hexabase.sweep/v1", JsonElement.Parse(result.Json.Span).GetProperty("schema").GetString());
        Assert.Contains($"sweeps/{RunsArea.Sid}/{id}.json", area.Runs.Blobs.Paths);
    }

    [Fact]
    public async Task A_message_that_comes_again_changes_nothing()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        await area.Deliver(id);
        var (first, puts) = (await area.Read(id), area.Runs.Blobs.Puts);
        await area.Deliver(id);
        var again = await area.Read(id);
        Assert.Equal((first.Attempt, first.FinishedAt, puts), (again.Attempt, again.FinishedAt, area.Runs.Blobs.Puts));
    }

    [Fact]
    public async Task Progress_is_recorded_while_it_computes_and_not_for_every_backtest()
    {
        await using var area = await SweepsArea.New();
        using var engine = new HeldEngine(done: 4);
        area.Engine = engine.Run;
        var id = await area.Accepted("key");
        var accepted = area.Runs.Documents.Commits;
        var execution = area.Deliver(id);
        await engine.Began;
        Assert.Equal(0, (await area.Read(id)).Evaluated);
        await area.Becomes(id, sweep => sweep.Evaluated == 4);
        Assert.Equal(accepted + 2, area.Runs.Documents.Commits); // The claim, and one for four backtests.
        engine.Release();
        await execution;
        Assert.Equal(SweepStatus.Succeeded, (await area.Read(id)).Status);
    }

    [Fact]
    public async Task A_transient_failure_sends_the_sweep_again_later_and_counts_the_try()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        area.Runs.Blobs.IsDown = true;
        await area.Deliver(id);

        var waiting = await area.Read(id);
        Assert.Equal((SweepStatus.Queued, 1, 0), (waiting.Status, waiting.Attempt, waiting.Evaluated));
        var retry = (await area.Runs.ReadOutbox()).Single(e => e.Value.MessageId != id.ToString()).Value;
        Assert.Equal((id.ToString(), area.Runs.Clock.GetUtcNow() + RunExecutionOptions.Default.FirstDelay), (retry.SweepId, retry.ScheduledFor));

        area.Runs.Blobs.IsDown = false;
        await area.Deliver(id);
        Assert.Equal(SweepStatus.Succeeded, (await area.Read(id)).Status);
    }

    [Fact]
    public async Task After_the_last_try_it_fails_with_its_reason_and_gives_back_what_it_took_of_every_pot()
    {
        await using var area = await SweepsArea.New(credits: 3);
        var id = await area.Accepted("key", evaluations: 500);
        area.Runs.Blobs.IsDown = true;
        for (var attempt = 0; attempt < RunExecutionOptions.Default.MostAttempts; attempt++)
            await area.Deliver(id);

        var sweep = await area.Read(id);
        Assert.Equal((SweepStatus.Failed, "PLATFORM_ERROR", true), (sweep.Status, sweep.Failure?.Code, sweep.Failure?.Refunded));
        Assert.Equal([new PaidRuns(Charge.Credit, 2), new PaidRuns(Charge.DailyRun, 3)], sweep.GivenBack);
        Assert.Equal((3, 3L), ((await area.Runs.ReadQuota()).ComputeLeft, (await area.Runs.ReadQuota()).CreditBalance));
        Assert.Equal(2, (await area.Runs.ReadLedger()).Count(e => e.Type == LedgerType.Refund));
    }

    [Fact]
    public async Task A_sweep_that_takes_the_process_down_each_time_is_given_up_and_given_back()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        for (var attempt = 0; attempt < RunExecutionOptions.Default.MostAttempts; attempt++)
            await area.ClaimedAndGone(id);
        await area.Deliver(id);
        Assert.Equal("ATTEMPTS_EXHAUSTED", (await area.Read(id)).Failure?.Code);
        Assert.Equal(3, (await area.Runs.ReadQuota()).ComputeLeft);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(99, 3)]
    [InlineData(250, 1)]
    [InlineData(300, 0)]
    public async Task A_search_that_fails_on_the_candles_is_charged_the_whole_runs_of_what_was_computed(int measured, int back)
    {
        await using var area = await SweepsArea.New();
        area.Engine = (_, _, _, _, _, _) => new SweepOutcome.Failed("NO_VALID_SET", "none", measured);
        var id = await area.Accepted("key", evaluations: 300);
        await area.Deliver(id);
        var sweep = await area.Read(id);
        Assert.Equal((SweepStatus.Failed, "NO_VALID_SET", measured), (sweep.Status, sweep.Failure?.Code, sweep.Evaluated));
        Assert.Equal((back, back == 3), ((await area.Runs.ReadQuota()).ComputeLeft, sweep.Failure?.Refunded));
    }

    [Fact]
    public async Task A_sweep_that_takes_too_long_fails_and_is_given_back()
    {
        await using var area = await SweepsArea.New();
        using var engine = new HeldEngine(done: 4);
        area.Engine = engine.Run;
        var id = await area.Accepted("key");
        await area.NewExecutor(new SweepExecutionOptions(TimeSpan.FromMilliseconds(200), Threads: 1)).Handle(SweepsArea.Message(id), default);
        Assert.Equal(("TIMED_OUT", true), ((await area.Read(id)).Failure?.Code, (await area.Read(id)).Failure?.Refunded));
        Assert.Equal(3, (await area.Runs.ReadQuota()).ComputeLeft);
    }

    [Fact]
    public async Task A_try_that_another_one_has_taken_over_from_stops_and_leaves_the_sweep_to_it()
    {
        await using var area = await SweepsArea.New();
        using var engine = new HeldEngine(done: 4);
        area.Engine = engine.Run;
        var id = await area.Accepted("key");
        var first = area.Deliver(id);
        await engine.Began;
        await area.ClaimedAndGone(id);
        await area.Becomes(id, _ => first.IsCompleted);
        await first;
        Assert.Equal((SweepStatus.Running, 2), ((await area.Read(id)).Status, (await area.Read(id)).Attempt));
    }

    [Fact]
    public async Task When_the_host_takes_the_invocation_back_the_sweep_stays_for_the_next_delivery()
    {
        await using var area = await SweepsArea.New();
        using var engine = new HeldEngine(done: 4);
        area.Engine = engine.Run;
        var id = await area.Accepted("key");
        using var shutdown = new CancellationTokenSource();
        var execution = area.Execute.Handle(SweepsArea.Message(id), shutdown.Token);
        await engine.Began;
        await shutdown.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => execution);
        Assert.Equal(SweepStatus.Running, (await area.Read(id)).Status);

        area.Engine = Sweep.Run;
        await area.Deliver(id);
        Assert.Equal((SweepStatus.Succeeded, 2), ((await area.Read(id)).Status, (await area.Read(id)).Attempt));
    }

    [Fact]
    public async Task A_sweep_nobody_has_heard_of_for_ten_minutes_is_sent_again_and_after_a_day_given_back()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        area.Runs.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(1, await area.Runs.ResendStuckJobs.Handle(default));
        Assert.Equal(2, (await area.Runs.ReadOutbox()).Count(entry => entry.Value.SweepId == id.ToString()));

        area.Runs.Clock.Advance(TimeSpan.FromHours(25));
        await area.Runs.ResendStuckJobs.Handle(default);
        Assert.Equal(("TIMED_OUT", true), ((await area.Read(id)).Failure?.Code, (await area.Read(id)).Failure?.Refunded));
    }

    [Fact]
    public async Task The_outbox_sends_a_message_that_names_the_sweep_and_no_run()
    {
        await using var area = await SweepsArea.New();
        var id = await area.Accepted("key");
        area.Runs.Clock.Advance(TimeSpan.FromMinutes(1));
        await area.Runs.ResendOutbox.Handle(default);
        var body = JsonElement.Parse(Assert.Single(area.Runs.Queue.Messages).Body.Span);
        Assert.Equal(id.ToString(), body.GetProperty("sweep_id").GetString());
        Assert.False(body.TryGetProperty("run_id", out _));
    }
}
