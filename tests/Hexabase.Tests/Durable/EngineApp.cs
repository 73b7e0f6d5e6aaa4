using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Hexabase.Durable;
using Hexabase.Local.Functions;
using Hexabase.Tests.ServiceBus;

namespace Hexabase.Tests.Durable;

/// <summary>A function app whose orchestrators and activities are delegates, called by the envelopes of the wire.</summary>
internal sealed class EngineApp : IFunctionApp
{
    private readonly ConcurrentQueue<OrchestratorRequest> turns = new();
    private readonly ConcurrentQueue<ActivitySeen> activities = new();
    private volatile TaskCompletionSource ready = Completed();

    /// <param name="names">Of orchestrators; those in <paramref name="activityNames"/> of activities.</param>
    public EngineApp(string[] names, string[] activityNames) => Functions =
    [
        .. names.Select(n => Function(n, "orchestrationTrigger", "context")),
        .. activityNames.Select(n => Function(n, "activityTrigger", "input")),
    ];

    public IReadOnlyList<FunctionDefinition> Functions { get; init; }

    public bool IsReady => ready.Task.IsCompleted;

    /// <summary>The answer to a turn; by default there is nothing to do.</summary>
    public Func<string, OrchestratorRequest, CancellationToken, Task<InvocationResult>> Turn { get; set; } =
        (_, request, _) => Task.FromResult(Answer(new OrchestratorResponse { InstanceId = request.InstanceId }));

    /// <summary>The answer to an activity; by default its input.</summary>
    public Func<ActivitySeen, CancellationToken, Task<InvocationResult>> Activity { get; set; } =
        (activity, _) => Task.FromResult(Returned(activity.Input));

    /// <summary>Every turn that was asked for, in the order in which they began.</summary>
    public IReadOnlyList<OrchestratorRequest> Turns => [.. turns];

    public IReadOnlyList<ActivitySeen> Activities => [.. activities];

    public ValueTask WhenReady(CancellationToken ct) => new(ready.Task.WaitAsync(ct));

    /// <summary>From now on no turn begins.</summary>
    public void Pause() => ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => ready.TrySetResult();

    public static InvocationResult Answer(OrchestratorResponse response) => Returned(JsonSerializer.Serialize(response.ToByteString().ToBase64()));

    /// <param name="json">The ReturnValue; null for none.</param>
    public static InvocationResult Returned(string? json) => new() { ReturnValue = json is null ? default : Encoding.UTF8.GetBytes(json) };

    public async Task<InvocationResult> Invoke(
        string function, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata, CancellationToken ct)
    {
        var (dataJson, metadataJson) = (FakeFunctionApp.Write(data), FakeFunctionApp.Write(metadata));
        await Task.Yield();
        if (Functions.Single(f => f.Name == function).TriggerType == "orchestrationTrigger")
        {
            var request = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(Decoded(JsonElement.Parse(dataJson).GetProperty("context"))!));
            turns.Enqueue(request);
            return await Turn(function, request, ct);
        }
        var seen = new ActivitySeen(function, Decoded(JsonElement.Parse(dataJson).GetProperty("input")), dataJson, metadataJson);
        activities.Enqueue(seen);
        return await Activity(seen, ct);
    }

    private static string? Decoded(JsonElement twice) => JsonElement.Parse(twice.GetString()!).GetString();

    private static FunctionDefinition Function(string name, string trigger, string binding) =>
        new(name, [JsonSerializer.SerializeToElement(new { type = trigger, direction = "in", name = binding })]);

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }
}

/// <summary>An activity as the app is called for it.</summary>
/// <param name="Input">JSON; null for none.</param>
/// <param name="Data">The envelope's Data as it was written.</param>
/// <param name="Metadata">The envelope's Metadata without <c>sys</c>.</param>
internal sealed record ActivitySeen(string Name, string? Input, string Data, string Metadata);
