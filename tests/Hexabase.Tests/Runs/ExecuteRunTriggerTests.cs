using System.Text.Json;
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
    public async Task A_run_that_is_delivered_twice_is_executed_once()
    {
        await using var area = await RunsArea.New();
        var id = await area.Accepted("key");

        await NewTrigger(area).Run(Message(new JobMessage(id.ToString(), "test")), default);
        await NewTrigger(area).Run(Message(new JobMessage(id.ToString(), "test")), default);

        var run = await area.Read(id);
        Assert.Equal((RunStatus.Succeeded, 1), (run.Status, run.Attempt));
    }

    [Fact]
    public async Task A_sweep_comes_by_the_same_queue()
    {
        await using var area = await SweepsArea.New();
        var sweep = await area.Accepted("key");

        await NewTrigger(area.Runs, area.Execute).Run(Message(SweepsArea.Message(sweep)), default);

        Assert.Equal(SweepStatus.Succeeded, (await area.Read(sweep)).Status);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("not JSON")]
    public async Task A_message_that_cannot_be_read_is_recorded_and_completed(string body)
    {
        await using var area = await RunsArea.New();

        await NewTrigger(area).Run(Message(new BinaryData(body)), default);

        var kept = await area.Documents.Query<UnreadableMessage>(
            new PartitionQuery(Containers.Listings, UnreadableMessage.List, IdPrefix: "", Limit: 10), default);
        Assert.Equal(body, Assert.Single(kept.Items).Value.Body);
    }

    private static ExecuteRunTrigger NewTrigger(RunsArea area, ExecuteSweepHandler? sweeps = null) => new(
        area.Execute, sweeps!, new UnreadableMessages(area.Documents, area.Clock), NullLogger<ExecuteRunTrigger>.Instance);

    private static ServiceBusReceivedMessage Message(JobMessage message) =>
        Message(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(message, DomainJson.Options)));

    private static ServiceBusReceivedMessage Message(BinaryData body) => new() { Body = body };
}
