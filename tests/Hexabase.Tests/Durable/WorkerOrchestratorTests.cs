using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Hexabase.Domain;
using Hexabase.Durable;
using Hexabase.Tests.Worker;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Invocations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Durable;

/// <summary>Turns of orchestrators as the host asks for them: durable-custom-handler.md §2.</summary>
public sealed class WorkerOrchestratorTests
{
    private const string ChainTurn1 =
        "CghvcmRlci00MiIVCP///////////wESBgiA3KDLBnIAImYI////////////ARIGCIDcoMsGGlEKBUNoYWluEgAaFgoUeyJza3UiOiJBMSIsInF0eSI6Mn0iLgoIb3JkZXItNDISIgog"
        + "M2YyYTBjOWI3ZDZlNGYxYWEwYjFjMmQzZTRmNTA2MTc=";

    [Fact] // §8, wire samples
    public async Task A_turn_of_the_fact_sheet_gives_its_answer_byte_by_byte()
    {
        await using var app = await WorkerApp.Start(typeof(Chain));
        using var reply = await app.Invoke("Chain", Envelope(ChainTurn1));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(
            """{"Outputs":{},"Logs":[],"ReturnValue":"CghvcmRlci00MhIlEiMKB1Jlc2VydmUSABoWChR7InNrdSI6IkExIiwicXR5IjoyfQ=="}""",
            await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_history_of_megabytes_is_taken()
    {
        var text = new string('é', 3_000_000);
        var turn = await Play(Start("Typed", JsonSerializer.Serialize(text)), typeof(Typed));

        Assert.Equal(text, JsonSerializer.Deserialize<Order>(Assert.Single(turn.Actions).ScheduleTask.Input)!.Sku);
    }

    [Fact]
    public async Task JSON_is_written_and_read_as_the_app_chose()
    {
        var turn = await Play(
            Start("Typed", "\"A1\""), typeof(Typed), builder => builder.Services.Configure<DurableTaskOptions>(o => o.Json = DomainJson.Options));

        Assert.Equal("""{"sku":"A1","qty":2,"price":0}""", Assert.Single(turn.Actions).ScheduleTask.Input);
    }

    [Fact]
    public async Task What_an_orchestrator_logs_tells_the_function_and_the_instance()
    {
        await using var app = await WorkerApp.Start(typeof(Chain));
        using var reply = await app.Invoke("Chain", Envelope(ChainTurn1));

        var line = Assert.Single(app.Log.All, l => l.Message == "Reserving.");
        Assert.Equal("Chain", line.Scope["Function"]);
        Assert.Equal("order-42", line.Scope["InstanceId"]);
    }

    [Theory]
    [InlineData(typeof(Broken))]
    [InlineData(typeof(Unmakeable))]
    public async Task What_an_orchestrator_throws_is_answered_as_its_failure(System.Type orchestrator)
    {
        var completion = Completion(await Play(Start(orchestrator.Name, "1"), orchestrator));

        Assert.Equal(OrchestrationStatus.Failed, completion.OrchestrationStatus);
        Assert.Equal("budget exceeded", completion.Result);
        Assert.Equal("System.InvalidOperationException", completion.FailureDetails.ErrorType);
    }

    [Fact] // A non-2xx would fail the instance too, but nobody could read why.
    public async Task An_input_of_another_shape_is_answered_as_a_failure() =>
        Assert.Equal(OrchestrationStatus.Failed, Completion(await Play(Start("Typed", "{}"), typeof(Typed))).OrchestrationStatus);

    [Theory]
    [InlineData("""{"Data":{}}""")]
    [InlineData("""{"Data":{"context":5}}""")]
    [InlineData("""{"Data":{"context":"\"not base64\""}}""")]
    [InlineData("""{"Data":{"context":"\"////\""}}""")]
    [InlineData("""{"Data":{"context":"\"\""}}""")]
    [InlineData("""{"Data":""")]
    public async Task A_turn_that_cannot_be_read_is_answered_as_a_failure(string envelope)
    {
        await using var app = await WorkerApp.Start(typeof(Chain));

        Assert.Equal(OrchestrationStatus.Failed, Completion(await Answer(app, "Chain", envelope)).OrchestrationStatus);
    }

    [Fact]
    public async Task An_orchestration_that_failed_for_want_of_memory_is_not_taken_for_a_turn_to_play_again()
    {
        var failure = Completion(await Play(Start("Hungry", "1"), typeof(Hungry))).FailureDetails;

        Assert.Equal("System.InvalidOperationException", failure.ErrorType);
        Assert.Equal("OutOfMemoryException", failure.InnerFailure.ErrorType);
    }

    [Fact]
    public void A_turn_that_has_no_memory_now_is_to_be_played_again() =>
        Assert.Equal(
            "System.OutOfMemoryException",
            Completion(Completions.TryAgain(NoMemory)).FailureDetails.InnerFailure.ErrorType);

    private static OutOfMemoryException NoMemory => Activator.CreateInstance<OutOfMemoryException>();

    private static CompleteOrchestrationAction Completion(OrchestratorResponse turn) => Assert.Single(turn.Actions).CompleteOrchestration;

    private static OrchestratorRequest Start(string name, string input) => new()
    {
        InstanceId = "order-42",
        NewEvents =
        {
            new HistoryEvent { EventId = -1, Timestamp = At, OrchestratorStarted = new() },
            new HistoryEvent
            {
                EventId = -1,
                Timestamp = At,
                ExecutionStarted = new() { Name = name, Input = input, OrchestrationInstance = new() { InstanceId = "order-42", ExecutionId = "e1" } },
            },
        },
    };

    private static Timestamp At => Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));

    private static async Task<OrchestratorResponse> Play(
        OrchestratorRequest turn, System.Type orchestrator, Action<WebApplicationBuilder>? configure = null)
    {
        await using var app = await WorkerApp.Start(configure ?? (_ => { }), _ => { }, orchestrator);
        return await Answer(app, orchestrator.Name, Envelope(turn.ToByteString().ToBase64()));
    }

    private static async Task<OrchestratorResponse> Answer(WorkerApp app, string function, string envelope)
    {
        using var reply = await app.Invoke(function, envelope);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        using var body = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return OrchestratorResponse.Parser.ParseFrom(body.RootElement.GetProperty("ReturnValue").GetBytesFromBase64());
    }

    private static string Envelope(string base64) =>
        $$$$"""{"Data":{"context":"\"{{{{base64}}}}\""},"Metadata":{"sys":{"MethodName":"Chain","UtcNow":"2026-01-15T00:00:01.2345678Z"}}}""";

    [DurableTask("Broken")]
    private sealed class Broken : TaskOrchestrator<int, int>
    {
        public override Task<int> RunAsync(TaskOrchestrationContext context, int input) => throw new InvalidOperationException("budget exceeded");
    }

    [DurableTask("Unmakeable")]
    private sealed class Unmakeable : TaskOrchestrator<int, int>
    {
        public Unmakeable() => throw new InvalidOperationException("budget exceeded");

        public override Task<int> RunAsync(TaskOrchestrationContext context, int input) => Task.FromResult(input);
    }

    [DurableTask("Hungry")]
    private sealed class Hungry : TaskOrchestrator<int, int>
    {
        public override Task<int> RunAsync(TaskOrchestrationContext context, int input) =>
            throw new InvalidOperationException("An activity failed.", NoMemory);
    }
}
