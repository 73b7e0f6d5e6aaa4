using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Tests.Runs;

namespace Hexabase.Tests.Jobs;

public sealed class ResendTests
{
    [Fact]
    public async Task The_outbox_sweep_sends_what_a_crash_left_behind_and_only_once()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        Assert.Equal(0, await area.ResendOutbox.Handle(default)); // the ordinary sender still has its time

        area.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await area.ResendOutbox.Handle(default));
        Assert.Equal(0, await area.ResendOutbox.Handle(default));

        Assert.Equal(id.ToString(), Assert.Single(area.Queue.Messages).MessageId);
        Assert.Empty(await area.ReadOutbox());
    }

    [Fact]
    public async Task While_the_queue_is_down_entries_stay_in_the_outbox()
    {
        await using var area = await RunsArea.New();
        await area.Accepted("key");
        area.Queue.IsDown = true;
        area.Clock.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<Domain.Messaging.MessagingException>(() => area.ResendOutbox.Handle(default));
        Assert.Single(await area.ReadOutbox());
    }

    [Fact]
    public async Task A_run_nobody_has_heard_of_for_ten_minutes_is_sent_again_as_a_new_message()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Clock.Advance(TimeSpan.FromMinutes(11));
        await area.ResendOutbox.Handle(default);
        await area.ResendStuckJobs.Handle(default);
        area.Clock.Advance(TimeSpan.FromMinutes(1));
        await area.ResendOutbox.Handle(default);

        Assert.Equal(2, area.Queue.Messages.Count);
        await area.Deliver(id);
        area.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await area.ResendStuckJobs.Handle(default));
    }

    [Fact]
    public async Task A_run_that_was_not_executed_within_a_day_fails_and_is_given_back()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        area.Clock.Advance(TimeSpan.FromHours(25));
        await area.ResendStuckJobs.Handle(default);
        Assert.Equal(("TIMED_OUT", true), ((await area.Read(id)).Failure?.Code, (await area.Read(id)).Failure?.Refunded));
    }

    [Fact]
    public async Task One_run_that_cannot_be_seen_to_keeps_no_other_from_it()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        var broken = (await area.Read(id)) with { RunId = "no run id" };
        await area.Documents.Commit(new DocumentBatch(Containers.Accounts, "a-broken").Create("run:0", broken), default);
        area.Clock.Advance(TimeSpan.FromHours(25));
        await area.ResendStuckJobs.Handle(default);
        Assert.Equal(RunStatus.Failed, (await area.Read(id)).Status);
    }

    [Fact]
    public async Task One_entry_that_the_queue_never_takes_keeps_no_other_from_being_sent()
    {
        await using var area = await RunsArea.New();
        var (first, second) = (await area.Accepted("1"), await area.Accepted("2"));
        area.Queue.Refused = first.ToString();
        area.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await area.ResendOutbox.Handle(default));
        Assert.Equal(second.ToString(), Assert.Single(area.Queue.Messages).MessageId);
    }
}
