using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Runs;
using Hexabase.Functions.Runs;
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
        await NewTrigger(area).Run([.. Enumerable.Repeat(Message(new RunMessage(id.ToString(), "test")), 16)], default);
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
        await NewTrigger(area).Run([Message(new BinaryData(body)), Message(new RunMessage(id.ToString(), "test"))], default);

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
            [Message(new RunMessage(first.ToString(), "test")), Message(new RunMessage(second.ToString(), "test"))], default));
        Assert.Equal(RunStatus.Succeeded, (await area.Read(first)).Status);
    }

    private static ExecuteRunTrigger NewTrigger(RunsArea area) =>
        new(area.Execute, new UnreadableMessages(area.Documents, area.Clock), NullLogger<ExecuteRunTrigger>.Instance);

    private static ServiceBusReceivedMessage Message(RunMessage message) =>
        Message(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(message, DomainJson.Options)));

    private static ServiceBusReceivedMessage Message(BinaryData body) => new() { Body = body };
}
