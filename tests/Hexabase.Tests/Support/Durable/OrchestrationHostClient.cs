using System.Text.Json;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;

namespace Hexabase.Tests.Support.Durable;

/// <summary>The client of an <see cref="OrchestrationHost"/>.</summary>
internal sealed class OrchestrationHostClient(OrchestrationHost host, JsonSerializerOptions json) : DurableTaskClient
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        string orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default) =>
        Task.FromResult(host.Schedule(orchestratorName, PayloadJson.Write(input, json), options?.InstanceId).Id);

    public override Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(host.Find(instanceId) is { } instance ? Describe(instance, getInputsAndOutputs) : null);

    public override Task<bool> RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        Task.FromResult(host.Post(
            instanceId, new() { EventRaised = new() { Name = eventName, Input = PayloadJson.Write(eventPayload, json) } }));

    public override Task<bool> TerminateInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Task.FromResult(host.Post(instanceId, new() { ExecutionTerminated = new() { Input = reason } }));

    public override Task<bool> SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Task.FromResult(host.Post(instanceId, new() { ExecutionSuspended = new() { Input = reason } }));

    public override Task<bool> ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Task.FromResult(host.Post(instanceId, new() { ExecutionResumed = new() { Input = reason } }));

    public override Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellation = default) =>
        Task.FromResult(host.Remove(instanceId));

    public override Task<int> PurgeAllInstancesAsync(DateTimeOffset createdTo, CancellationToken cancellation = default) =>
        Task.FromResult(host.RemoveFinished(createdTo));

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        var instance = host.Find(instanceId) ?? throw new InvalidOperationException($"There is no instance '{instanceId}'.");
        await host.AdvanceUntil(() => instance.IsFinished);
        return Describe(instance, getInputsAndOutputs);
    }

    private static OrchestrationMetadata Describe(HostedInstance instance, bool withPayloads) => new(
        instance.Name,
        instance.Id,
        instance.Status,
        instance.CreatedAt,
        instance.LastUpdatedAt,
        withPayloads ? Element(instance.Input) : null,
        withPayloads ? OutputOf(instance) : null,
        withPayloads ? Element(instance.CustomStatus) : null);

    /// <summary>Messages of failures and reasons of terminations are plain text.</summary>
    private static JsonElement? OutputOf(HostedInstance instance) => instance.Status == OrchestrationRuntimeStatus.Completed
        ? Element(instance.Output)
        : instance.Output is { } text ? JsonSerializer.SerializeToElement(text) : null;

    private static JsonElement? Element(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}
