using System.Text.Json;
using Hexabase.Backtesting.Sweeps;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Jobs;
using Hexabase.Domain.Runs;
using Hexabase.Domain.Sweeps;
using Hexabase.Functions.Runs;
using Hexabase.Tests.Sweeps;
using Hexabase.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Runs;

public sealed class ExecuteRunTriggerTests
{
    [Fact]
    public async Task A_run_that_is_twice_in_a_batch_is_executed_once()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        await NewTrigger(area).Run([.. Enumerable.Repeat(Message(new JobMessage(id.ToString(), "test")), 16)], default);
        var run = await area.Read(id);
        Assert.Equal((RunStatus.Succeeded, 1), (run.Status, run.Attempt));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    public async Task A_message_that_cannot_be_read_is_recorded_and_the_others_go_on(string body)
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");
        await NewTrigger(area).Run([Message(new BinaryData(body)), Message(new JobMessage(id.ToString(), "test"))], default);

        Assert.Equal(RunStatus.Succeeded, (await area.Read(id)).Status);
        var kept = await area.Documents.Query<UnreadableMessage>(
            new PartitionQuery(Containers.Listings, UnreadableMessage.List, IdPrefix: "", Limit: 10), default);
        Assert.Equal(body, Assert.Single(kept.Items).Value.Body);
    }

    [Fact]
    public async Task When_one_execution_fails_the_recordings_under_way_are_waited_for()
    {
        await using var area = await RunsArea.New();
        var (first, second) = (await area.Accepted("1"), await area.Accepted("2"));
        area.Documents.BreakReadsOf = second.ToString()[20..];
        await Assert.ThrowsAsync<Support.CrashException>(() => NewTrigger(area).Run(
            [Message(new JobMessage(first.ToString(), "test")), Message(new JobMessage(second.ToString(), "test"))], default));
        Assert.Equal(RunStatus.Succeeded, (await area.Read(first)).Status);
    }

    [Fact]
    public async Task Runs_and_sweeps_of_one_batch_are_executed_in_their_order()
    {
        await using var area = await SweepsArea.New();
        var (first, sweep, last) = (await area.Runs.Accepted("1"), await area.Accepted("2"), await area.Runs.Accepted("3"));
        var tries = new List<(int First, int Last)>();
        area.Engine = (strategy, candles, search, threads, evaluated, ct) =>
        {
            tries.Add((Tries(first), Tries(last)));
            return Sweep.Run(strategy, candles, search, threads, evaluated, ct);
        };
        await NewTrigger(area).Run([Message(Of(first)), Message(SweepsArea.Message(sweep)), Message(Of(last))], default);

        Assert.Equal([(1, 0)], tries);
        Assert.Equal((RunStatus.Succeeded, RunStatus.Succeeded), ((await area.Runs.Read(first)).Status, (await area.Runs.Read(last)).Status));
        Assert.Equal(SweepStatus.Succeeded, (await area.Read(sweep)).Status);

        int Tries(RunId run) => area.Runs.Read(run).GetAwaiter().GetResult().Attempt;
    }

    [Fact]
    public async Task What_an_invocation_has_no_time_for_any_more_goes_to_the_end_of_the_queue()
    {
        await using var area = await SweepsArea.New();
        var (long_, sweep, run) = (await area.Accepted("1"), await area.Accepted("2"), await area.Runs.Accepted("3"));
        area.Engine = (strategy, candles, search, threads, evaluated, ct) =>
        {
            area.Runs.Clock.Advance(TimeSpan.FromMinutes(5));
            return Sweep.Run(strategy, candles, search, threads, evaluated, ct);
        };
        await NewTrigger(area).Run([Message(SweepsArea.Message(long_)), Message(SweepsArea.Message(sweep)), Message(Of(run))], default);

        Assert.Equal(SweepStatus.Succeeded, (await area.Read(long_)).Status);
        Assert.Equal((SweepStatus.Queued, 0), ((await area.Read(sweep)).Status, (await area.Read(sweep)).Attempt));
        Assert.Equal(RunStatus.Succeeded, (await area.Runs.Read(run)).Status); // 30 s still fit, another 5 minutes do not
        Assert.Equal(2, (await area.Runs.ReadOutbox()).Count(entry => entry.Value.SweepId == sweep.ToString()));
    }

    private static ExecuteRunTrigger NewTrigger(RunsArea area) => NewTrigger(area, sweeps: null);

    private static ExecuteRunTrigger NewTrigger(SweepsArea area) => NewTrigger(area.Runs, area.Execute);

    private static ExecuteRunTrigger NewTrigger(RunsArea area, ExecuteSweepHandler? sweeps)
    {
        var times = new BatchTimes(HostLimits.Read(AppContext.BaseDirectory), RunExecutionOptions.Default, SweepExecutionOptions.Default);
        return new(area.Execute, sweeps!, times, new UnreadableMessages(area.Documents, area.Clock), area.Clock, NullLogger<ExecuteRunTrigger>.Instance);
    }

    private static JobMessage Of(RunId id) => new(id.ToString(), "test");

    private static ServiceBusReceivedMessage Message(JobMessage message) =>
        Message(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(message, DomainJson.Options)));

    private static ServiceBusReceivedMessage Message(BinaryData body) => new() { Body = body };
}
