using System.Text.Json;
using Hexabase.Local.Durable;
using Hexabase.Tests.Local;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Durable;

/// <summary>Client, worker and the local platform's engine together: each was written from the wire format alone.</summary>
public sealed class WorkerOnEngineTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestPlatform platform = null!;
    private DurableTaskClient client = null!;

    public async Task InitializeAsync()
    {
        platform = await TestPlatform.Start(DurableApp.NewFolder());
        var host = new DurableTaskHost(
            new Uri(platform.Http.BaseAddress!, "runtime/webhooks/durabletask"), platform.Services.GetRequiredService<DurableSettings>().Code);
        client = new ServiceCollection().AddLogging()
            .AddDurableTaskClient(host)
            .BuildServiceProvider().GetRequiredService<DurableTaskClient>();
    }

    public Task DisposeAsync() => platform.DisposeAsync().AsTask();

    [Fact]
    public async Task Activities_run_one_after_the_other_on_what_they_hand_on()
    {
        var order = new Order("é\"😀", 2, new DateTimeOffset(2026, 1, 15, 9, 0, 0, TimeSpan.FromHours(9)), 1.10m);
        await client.ScheduleNewOrchestrationInstanceAsync("Chain", order, new("order-42"));

        var finished = await Finished("order-42");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, finished.RuntimeStatus);
        Assert.Equal(order with { Qty = 3 }, finished.SerializedOutput!.Value.Deserialize<Order>());
    }

    [Fact]
    public async Task An_orchestration_learns_how_an_activity_failed_and_does_not_try_what_cannot_help()
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Judge", "for good");

        Assert.Equal(
            "Hexabase.Worker.Durable.NonRetriableTaskException: The card is stolen. < System.FormatException: card",
            (await Finished(id)).SerializedOutput!.Value.GetString());
    }

    [Fact]
    public async Task An_instance_waits_for_its_event_and_only_one_of_an_id_runs()
    {
        await client.ScheduleNewOrchestrationInstanceAsync("Approval", options: new("approval-1"));

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => client.ScheduleNewOrchestrationInstanceAsync("Approval", options: new("approval-1")));
        Assert.True(await client.RaiseEventAsync("approval-1", "approved", "Ann"));
        var finished = await Finished("approval-1");
        Assert.Equal("Ann", finished.SerializedOutput!.Value.GetString());
        Assert.Equal("waiting", finished.SerializedCustomStatus!.Value.GetString());
        Assert.False(await client.RaiseEventAsync("approval-1", "approved", "Ann"));
        Assert.True(await client.PurgeInstanceAsync("approval-1"));
        Assert.Null(await client.GetInstanceAsync("approval-1"));
    }

    [Fact]
    public async Task An_instance_is_suspended_resumed_and_terminated()
    {
        await client.ScheduleNewOrchestrationInstanceAsync("Approval", options: new("approval-2"));

        Assert.True(await client.SuspendInstanceAsync("approval-2", "hold"));
        await Is("approval-2", OrchestrationRuntimeStatus.Suspended);
        Assert.True(await client.ResumeInstanceAsync("approval-2"));
        await Is("approval-2", OrchestrationRuntimeStatus.Running);
        Assert.True(await client.TerminateInstanceAsync("approval-2", "enough"));
        await Is("approval-2", OrchestrationRuntimeStatus.Terminated);
        Assert.False(await client.TerminateInstanceAsync("approval-2"));
    }

    private async Task Is(string id, OrchestrationRuntimeStatus status) =>
        await Support.Eventually.Holds(() => client.GetInstanceAsync(id), i => i?.RuntimeStatus == status, $"{id} is {status}");

    private async Task<OrchestrationMetadata> Finished(string id) =>
        await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Patience);
}
