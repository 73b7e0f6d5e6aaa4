using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Datasets;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Runs;

public sealed class ExecuteRunTests
{
    [Fact]
    public async Task A_run_goes_from_queued_to_succeeded_with_its_times_metrics_and_result()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Clock.Advance(TimeSpan.FromSeconds(1));
        await area.Deliver(id);

        var run = await area.Read(id);
        Assert.Equal((RunStatus.Succeeded, 1, null), (run.Status, run.Attempt, run.WatchUntil));
        Assert.Equal(run.CreatedAt.AddSeconds(1), run.StartedAt);
        Assert.NotNull(run.Metrics);
        Assert.Contains($"results/{RunsArea.Sid}/{id}.json", area.Blobs.Paths);
    }

    [Fact]
    public async Task A_message_that_comes_again_changes_nothing()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        await area.Deliver(id);
        var first = await area.Read(id);
        await area.Deliver(id);
        Assert.Equal(first, await area.Read(id));
    }

    [Fact]
    public async Task Identical_inputs_are_charged_but_answered_from_the_stored_result()
    {
        await using var area = await RunsArea.New();
        var (first, second) = (await area.Accepted("1", seed: 7), await area.Accepted("2", seed: 7));
        await area.Deliver(first);
        var puts = area.Blobs.Puts;
        await area.Deliver(second);

        Assert.Equal(puts, area.Blobs.Puts);
        Assert.Equal((await area.Read(first)).ResultPath, (await area.Read(second)).ResultPath);
        Assert.Equal(2, (await area.ReadLedger()).Count);
    }

    [Fact]
    public async Task A_transient_failure_sends_the_run_again_later_and_counts_the_try()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Blobs.IsDown = true;
        await area.Deliver(id);

        Assert.Equal((RunStatus.Queued, 1), ((await area.Read(id)).Status, (await area.Read(id)).Attempt));
        var retry = (await area.ReadOutbox()).Single(e => e.Value.MessageId != id.ToString()).Value;
        Assert.Equal(area.Clock.GetUtcNow() + RunExecutionOptions.Default.FirstDelay, retry.ScheduledFor);

        area.Blobs.IsDown = false;
        await area.Deliver(id);
        Assert.Equal(RunStatus.Succeeded, (await area.Read(id)).Status);
    }

    [Fact]
    public async Task After_the_last_try_the_run_fails_with_its_reason_and_gives_back_what_it_took()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Blobs.IsDown = true;
        for (var attempt = 0; attempt < RunExecutionOptions.Default.MostAttempts; attempt++)
            await area.Deliver(id);

        var run = await area.Read(id);
        Assert.Equal((RunStatus.Failed, "PLATFORM_ERROR", true), (run.Status, run.Failure?.Code, run.Failure?.Refunded));
        Assert.Equal(3, (await area.ReadQuota()).ComputeLeft);
        Assert.Equal([LedgerType.Run, LedgerType.Refund], (await area.ReadLedger()).Select(e => e.Type));
    }

    [Fact]
    public async Task A_run_that_takes_the_process_down_each_time_is_given_up_and_given_back()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        for (var attempt = 0; attempt < RunExecutionOptions.Default.MostAttempts; attempt++)
            Assert.NotNull(await area.Jobs.Claim<Run>(id.Account, Run.DocumentId(id), _ => Task.FromResult(false), default)); // and the process is gone
        await area.Deliver(id);

        Assert.Equal("ATTEMPTS_EXHAUSTED", (await area.Read(id)).Failure?.Code);
        Assert.Equal(3, (await area.ReadQuota()).ComputeLeft);
    }

    [Fact]
    public async Task Candles_that_are_not_what_their_hash_stands_for_are_not_run_on()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        var path = Dataset.BlobPath(area.DatasetHash);
        var csv = (await area.Blobs.Read(path, default))!.Value.ToArray();
        csv[^2]++; // The volume of the last candle: a file that still can be read.
        await area.Blobs.Put(path, csv, "text/csv", default);

        await area.Deliver(id);

        Assert.Equal(RunStatus.Queued, (await area.Read(id)).Status);
        Assert.DoesNotContain(area.Blobs.Paths, stored => stored.StartsWith("results/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_strategy_that_fails_on_its_own_error_is_charged()
    {
        await using var area = await RunsArea.New(rule: "close > sma(close, 9000)");
        var id = await area.Accepted("key");
        await area.Deliver(id);

        var run = await area.Read(id);
        Assert.Equal((RunStatus.Failed, "TOO_FEW_CANDLES", false), (run.Status, run.Failure?.Code, run.Failure?.Refunded));
        Assert.Equal(2, (await area.ReadQuota()).ComputeLeft);
    }

    [Fact]
    public async Task A_refund_that_crashed_after_its_commit_is_not_given_twice()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Crash.RightAfter(0);
        await Assert.ThrowsAsync<CrashException>(() => area.Ending.FailAndRefund(id, "TEST", "test", default));
        area.Crash.Never();
        await area.Ending.FailAndRefund(id, "TEST", "test", default);

        Assert.Equal(3, (await area.ReadQuota()).ComputeLeft);
        Assert.Equal(2, (await area.ReadLedger()).Count);
    }

    [Fact]
    public async Task The_report_shows_the_newest_run_even_when_an_older_one_finishes_after_it()
    {
        await using var area = await RunsArea.New();
        var older = await area.Accepted("1", seed: 1);
        area.Clock.Advance(TimeSpan.FromSeconds(1));
        var newer = await area.Accepted("2", seed: 2);
        await area.Deliver(newer);
        await area.Deliver(older);

        var report = await area.Report.Handle(new GetReport(RunsArea.Sid, area.AccountId), default);
        Assert.True(report.Succeeded(out var shown, out _));
        Assert.Equal(newer.ToString(), shown.Run.RunId);
    }

    [Fact]
    public async Task A_try_that_takes_too_long_in_storing_is_tried_again_later()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Blobs.Hangs = true;
        await area.Deliver(id, area.NewExecutor(RunExecutionOptions.Default with { Timeout = TimeSpan.FromMilliseconds(500) }));
        Assert.Equal((RunStatus.Queued, 1), ((await area.Read(id)).Status, (await area.Read(id)).Attempt));
    }

    [Fact]
    public async Task A_run_keeps_the_time_its_first_try_began()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Blobs.IsDown = true;
        await area.Deliver(id);
        var first = (await area.Read(id)).StartedAt;
        area.Clock.Advance(TimeSpan.FromMinutes(1));
        area.Blobs.IsDown = false;
        await area.Deliver(id);
        Assert.Equal(first, (await area.Read(id)).StartedAt);
    }

    [Fact]
    public async Task A_retry_and_a_watch_carry_the_trace_of_the_request_that_started_the_run()
    {
        await using var area = await RunsArea.New();
        using var request = new System.Diagnostics.Activity("request").Start();
        var id = await area.Accepted("key");
        area.Blobs.IsDown = true;
        await area.Deliver(id);
        area.Clock.Advance(TimeSpan.FromMinutes(11));
        await area.ResendStuckJobs.Handle(default);
        var entries = await area.ReadOutbox();
        Assert.Equal(3, entries.Count);
        Assert.All(entries, entry => Assert.Equal(request.Id, entry.Value.TraceParent));
    }

    [Fact]
    public async Task A_result_whose_content_is_gone_is_computed_again_for_every_run_that_points_to_it()
    {
        await using var area = await RunsArea.New();
        var (first, second) = (await area.Accepted("1", seed: 7), await area.Accepted("2", seed: 7));
        await area.Deliver(first);
        area.Blobs.Lose((await area.Read(first)).ResultPath!);
        Assert.IsType<ResultLost>((await Result(first)).Refusal());

        await area.Deliver(second);
        foreach (var id in new[] { first, second })
            Assert.NotEmpty((await Result(id)).Value().Json.ToArray());

        Task<Result<RunResult>> Result(RunId id) =>
            area.GetResult.Handle(new GetRunResult(id.ToString(), area.AccountId, KnownETag: null), default);
    }
}
