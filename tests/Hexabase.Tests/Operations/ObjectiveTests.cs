using Hexabase.Domain.Operations;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Runs;

namespace Hexabase.Tests.Operations;

/// <summary>Which moments of a job are good, which are bad, and which count at all.</summary>
public sealed class ObjectiveTests
{
    [Theory]
    [InlineData(2, "enqueue good")]
    [InlineData(2.001, "enqueue bad")]
    public async Task A_job_is_good_when_its_message_is_on_the_queue_within_two_seconds(double seconds, string counted)
    {
        await using var area = await RunsArea.New();
        await area.Accepted("key");
        area.Clock.Advance(TimeSpan.FromSeconds(seconds));
        using var measured = new Measured();
        await Send(area);
        Assert.Equal([counted], measured.Take());
    }

    [Fact]
    public async Task What_a_crash_left_in_the_outbox_counts_once_and_as_bad()
    {
        await using var area = await RunsArea.New();
        await area.Accepted("key");
        using var measured = new Measured();
        area.Crash.After(0); // The queue has it, and the outbox entry is still there.
        await Assert.ThrowsAnyAsync<Exception>(() => Send(area));
        area.Crash.Never();
        Assert.Empty(measured.Take());

        area.Clock.Advance(TimeSpan.FromMinutes(1));
        await area.ResendOutbox.Handle(default);
        await area.ResendOutbox.Handle(default);
        Assert.Equal(["enqueue bad"], measured.Take());
    }

    [Fact]
    public async Task While_the_queue_is_down_a_job_counts_as_bad_once_and_not_again_when_it_gets_through()
    {
        await using var area = await RunsArea.New();
        await area.Accepted("key");
        var offered = (await area.ReadOutbox()).Select(entry => (entry.Partition, entry.Value)).ToList();
        area.Queue.IsDown = true;
        area.Clock.Advance(TimeSpan.FromMinutes(1));
        using var measured = new Measured();
        await Assert.ThrowsAsync<Domain.Messaging.MessagingException>(() => area.ResendOutbox.Handle(default));
        await Assert.ThrowsAsync<Domain.Messaging.MessagingException>(() => area.ResendOutbox.Handle(default));
        Assert.Equal(["enqueue bad"], measured.Take());

        area.Queue.IsDown = false;
        await area.Outbox.Send(offered, default); // The ordinary sender, which held it all the time.
        await area.ResendOutbox.Handle(default);
        Assert.Empty(measured.Take());
        Assert.Empty(await area.ReadOutbox());
    }

    [Fact]
    public async Task Only_the_first_message_of_a_job_counts()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        await Send(area);
        area.Blobs.IsDown = true;
        await area.Deliver(id);
        using var measured = new Measured();
        await Send(area); // The message of its second try.
        Assert.Empty(measured.Take());
    }

    [Theory]
    [InlineData(10, "run_start good")]
    [InlineData(11, "run_start bad")]
    public async Task A_run_is_good_when_it_begins_within_ten_seconds_and_its_later_tries_do_not_count(int seconds, string counted)
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Clock.Advance(TimeSpan.FromSeconds(seconds));
        area.Blobs.IsDown = true;
        using var measured = new Measured();
        await area.Deliver(id);
        await area.Deliver(id);
        Assert.Equal([counted], measured.Take());
    }

    [Theory]
    [InlineData(30, "small_run good")]
    [InlineData(31, "small_run bad")]
    public async Task A_small_run_is_good_when_it_ends_within_thirty_seconds(int seconds, string counted)
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Clock.Advance(TimeSpan.FromSeconds(seconds));
        using var measured = new Measured();
        await area.Deliver(id);
        await area.Deliver(id);
        Assert.Equal([counted], measured.Take().Where(e => e.StartsWith("small_run", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(RunEnding.MostCandlesOfSmallRun, 1)]
    [InlineData(RunEnding.MostCandlesOfSmallRun + 1, 0)]
    public async Task A_run_over_many_candles_is_not_promised_to_be_quick(long candles, int counted)
    {
        await using var area = await RunsArea.New();
        await area.StoreDataset(candles);
        var id = await area.Accepted("key");
        using var measured = new Measured();
        await area.Ending.FailByAuthor(id, "CODE", "detail", default);
        Assert.Equal(counted, measured.Take().Count);
    }

    [Fact]
    public async Task A_small_run_that_fails_by_our_fault_is_bad_however_quickly_and_one_that_fails_by_its_authors_is_not()
    {
        await using var area = await RunsArea.New();
        var (ours, theirs) = (await area.Accepted("1"), await area.Accepted("2"));
        using var measured = new Measured();
        await area.Ending.FailAndRefund(ours, "PLATFORM_ERROR", "detail", default);
        Assert.Equal(["small_run bad"], measured.Take());
        await area.Ending.FailByAuthor(theirs, "CODE", "detail", default);
        Assert.Equal(["small_run good"], measured.Take());
    }

    [Fact]
    public void Whatever_is_measured_in_this_process_is_counted()
    {
        using var counts = new SloCounts(TimeProvider.System);
        counts.Listen();
        Objective.Enqueue.Measure(TimeSpan.FromSeconds(1.5));
        var tally = SloHour.Sum(counts.Take().Select(hour => hour.Tallies))["enqueue"];
        Assert.True(tally is { Good: > 0 } && tally.Durations[2] > 0, $"{tally}"); // Other tests measure too.
    }

    /// <summary>Sends all that is in the outbox, as the ordinary sender does.</summary>
    private static async Task Send(RunsArea area) =>
        await area.Outbox.Send([.. (await area.ReadOutbox()).Select(entry => (entry.Partition, entry.Value))], default);
}
