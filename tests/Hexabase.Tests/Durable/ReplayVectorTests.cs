using System.Text.Json;
using Google.Protobuf;
using Hexabase.Durable;
using Hexabase.Tests.Support.Durable;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Durable;

/// <summary>The replay answers as the reference engine did (durable-custom-handler.md §8), byte for byte.</summary>
public sealed class ReplayVectorTests
{
    private static readonly Dictionary<string, OrchestratorCode> Orchestrations = new(StringComparer.Ordinal)
    {
        ["Chain"] = Code<JsonElement>(async (context, order) =>
            await context.CallActivityAsync<JsonElement>("Charge", await context.CallActivityAsync<JsonElement>("Reserve", order))),
        ["Retry"] = Code<JsonElement>(async (context, app) => await context.CallActivityAsync<string>(
            "Deploy", app, TaskOptions.FromRetryPolicy(new(3, TimeSpan.FromSeconds(5), backoffCoefficient: 2)))),
        ["Fan"] = Code<object>(async (context, _) =>
            await Task.WhenAll(new[] { "a", "b", "c" }.Select(part => context.CallActivityAsync<int>("Work", part)))),
        ["EventWins"] = Code<JsonElement>(Approve),
        ["TimeoutWins"] = Code<JsonElement>(Approve),
        ["EventEarly"] = Code<JsonElement>(Approve),
        ["Terminate"] = Code<object>(async (context, _) => await context.CallActivityAsync<string>("Long")),
        ["ContinueAsNew"] = Code<int>(async (context, n) =>
        {
            await context.WaitForExternalEvent<string>("tick");
            context.ContinueAsNew(n + 1);
            return null;
        }),
        ["Suspend"] = Code<int>(async (context, n) =>
            await context.CallActivityAsync<int>("B", await context.CallActivityAsync<int>("A", n))),
        ["Sub"] = Code<int>(async (context, n) => await context.CallSubOrchestratorAsync<int>(
            "Child", n, new TaskOptions().WithInstanceId($"{context.InstanceId}:child:0"))),
        ["Fail"] = Code<object>(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            throw new InvalidOperationException("budget exceeded");
        }),
    };

    public static TheoryData<string> Turns => [.. ReplayVectors.All.Select(vector => vector.Turn)];

    [ReplayVectorTheory]
    [MemberData(nameof(Turns))]
    public void A_turn_is_answered_with_the_actions_of_the_reference_engine(string turn)
    {
        var vector = ReplayVectors.Of(turn);
        Assert.Equal(vector.Actions, Answer(vector).Actions);
    }

    [ReplayVectorTheory]
    [MemberData(nameof(Turns))]
    public void A_turn_is_answered_with_the_bytes_of_the_reference_engine(string turn)
    {
        var vector = ReplayVectors.Of(turn);
        Assert.Equal(vector.Response, Answer(vector).ToByteString().ToBase64());
    }

    [ReplayVectorFact]
    public void There_are_31_turns() => Assert.Equal(31, ReplayVectors.All.Count);

    private static OrchestratorResponse Answer(ReplayVector vector) =>
        OrchestrationReplay.Run(vector.Request, Orchestrations.GetValueOrDefault, JsonSerializerOptions.Web, NullLoggerFactory.Instance);

    private static OrchestratorCode Code<TInput>(Func<TaskOrchestrationContext, TInput, Task<object?>> run) =>
        OrchestratorCodes.Of(() => new DelegateOrchestrator<TInput, object?>(run));

    private static async Task<object?> Approve(TaskOrchestrationContext context, JsonElement request)
    {
        try
        {
            return new { Approved = await context.WaitForExternalEvent<bool>("approval", TimeSpan.FromHours(1)) };
        }
        catch (TaskCanceledException)
        {
            return await context.CallActivityAsync<string>("Escalate", request);
        }
    }
}
