using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Tests.Worker;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Replay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Durable;

/// <summary>Activities as the host calls them: durable-custom-handler.md §3.</summary>
public sealed class WorkerActivityTests
{
    private static readonly Order AnOrder = new("A1", 2);

    [Fact]
    public async Task An_input_of_the_fact_sheet_arrives_with_the_id_of_the_orchestration()
    {
        await using var app = await WorkerApp.Start(typeof(Reserve));
        using var reply = await app.Invoke("Reserve", """
            {"Data":{"input":"\"{\\\"Sku\\\":\\\"A1\\\",\\\"Qty\\\":2}\""},"Metadata":{"instanceId":"\"order-42\"","input":"\"{\\\"Sku\\\":\\\"A1\\\",\\\"Qty\\\":2}\"",
            "data":{"Sku":"A1","Qty":2},"sys":{"MethodName":"Reserve"},"Sku":"\"A1\"","Qty":"\"2\""}}
            """);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(("Reserve", "order-42", AnOrder), app.Received.Single<(string, string, Order)>());
    }

    [Theory]
    [InlineData("\"hello\"", "\"HELLO\"")]
    [InlineData("\"\\\"q\\\" \\\\ é \\ud83d\\ude00\"", "\"\\\"Q\\\" \\\\ É 😀\"")]
    [InlineData("\"null\"", "\"NULL\"")]
    [InlineData(null, "null")]
    public async Task A_text_or_nothing_arrives_and_goes_back_as_it_is(string? input, string output)
    {
        var answer = await Answer(typeof(Shout), Envelope(input));

        Assert.Equal(JsonSerializer.Deserialize<string?>(output), JsonSerializer.Deserialize<string?>(answer.Value!));
    }

    [Fact]
    public async Task An_answer_is_one_string_that_no_host_rewrites()
    {
        await using var app = await WorkerApp.Start(typeof(Reserve));
        using var reply = await app.Invoke("Reserve", Envelope("""{"Sku":"A1","Qty":2,"At":"2026-01-15T00:00:00+09:00","Price":1.10}"""));
        using var body = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());

        Assert.Equal(["Outputs", "Logs", "ReturnValue"], body.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            """{"value":{"Sku":"A1","Qty":2,"At":"2026-01-15T00:00:00+09:00","Price":1.10}}""",
            body.RootElement.GetProperty("ReturnValue").GetString());
    }

    [Fact]
    public async Task Whatever_an_input_says_comes_back_the_same()
    {
        await using var app = await WorkerApp.Start(typeof(Reserve));
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            var onTheWire = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get)); // Half a surrogate pair is no text there.
            var order = new Order(onTheWire, 7, DateTimeOffset.UnixEpoch, 1.10m);
            var answer = Answer(app, "Reserve", Envelope(JsonSerializer.Serialize(order))).GetAwaiter().GetResult();
            Assert.Equal(order, JsonSerializer.Deserialize<Order>(answer.Value!));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task A_failure_is_an_answer_with_type_message_and_cause()
    {
        var failure = (await Answer(typeof(Fail), Envelope("\"now\""))).Failure!;

        Assert.True(failure.IsCausedBy<TimeoutException>());
        Assert.Equal("No answer.", failure.ErrorMessage);
        Assert.False(failure.IsNonRetriable);
        Assert.Equal("Connection reset.", failure.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task A_failure_that_no_repetition_heals_says_so()
    {
        var failure = (await Answer(typeof(Fail), Envelope("\"for good\""))).Failure!;

        Assert.True(failure.IsNonRetriable);
        Assert.True(failure.InnerFailure!.IsCausedBy<FormatException>());
    }

    [Theory]
    [InlineData("5")]
    [InlineData("{}")]
    public async Task An_input_of_another_shape_fails_for_good(string input) =>
        Assert.True((await Answer(typeof(Fail), Envelope(input))).Failure!.IsNonRetriable);

    [Fact]
    public async Task A_result_that_is_no_JSON_fails_for_good() =>
        Assert.True((await Answer(typeof(Unwritable), Envelope(null))).Failure!.IsNonRetriable);

    [Fact]
    public async Task A_failure_is_logged_with_the_function_and_the_orchestration()
    {
        await using var app = await WorkerApp.Start(typeof(Fail));
        using var reply = await app.Invoke("Fail", Envelope("\"now\""));

        var line = Assert.Single(app.Log.All, l => l.Exception is TimeoutException);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Equal("Fail", line.Scope["Function"]);
        Assert.Equal("order-42", line.Scope["InstanceId"]);
    }

    [Theory]
    [InlineData("""{"Sku":"A1","Qty":2,"instanceId":"other"}""")]
    [InlineData("""{"Sku":"A1","Qty":2,"INSTANCEID":"other"}""")]
    [InlineData("""{"Sku":"A1","Qty":2,"instance\u0049d":"other"}""")]
    public async Task An_input_cannot_make_believe_that_another_orchestration_called(string input)
    {
        await using var app = await WorkerApp.Start(typeof(Reserve));
        using var reply = await app.Invoke("Reserve", Envelope(input, instanceId: "other"));

        Assert.Equal(("Reserve", "", AnOrder), app.Received.Single<(string, string, Order)>());
    }

    [Fact]
    public async Task JSON_is_written_and_read_as_the_app_chose()
    {
        await using var app = await WorkerApp.Start(
            builder => builder.Services.Configure<DurableTaskOptions>(o => o.Json = Domain.DomainJson.Options), _ => { }, typeof(Reserve));
        using var reply = await app.Invoke("Reserve", Envelope("""{"sku":"A1","qty":2}"""));
        using var body = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());

        Assert.Equal("""{"value":{"sku":"A1","qty":2,"price":0}}""", body.RootElement.GetProperty("ReturnValue").GetString());
    }

    [Theory]
    [InlineData("""{"Data":{}}""")]
    [InlineData("""{"Data":{"input":"\"x\""}""")]
    public async Task An_envelope_that_cannot_be_read_fails_the_invocation(string envelope)
    {
        await using var app = await WorkerApp.Start(typeof(Shout));
        using var reply = await app.Invoke("Shout", envelope);

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
    }

    [Fact]
    public async Task A_host_that_gives_up_cancels_the_activity()
    {
        var patience = new Patience();
        await using var app = await WorkerApp.Start(builder => builder.Services.AddSingleton(patience), _ => { }, typeof(Patient));
        using var host = new CancellationTokenSource();
        var call = app.Invoke("Patient", Envelope(null), host.Token);
        await patience.Started.Task;
        await host.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await patience.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>As the host writes it; an input that is an object overwrites metadata of the same name.</summary>
    private static string Envelope(string? inputJson, string instanceId = "order-42") =>
        $$$"""{"Data":{"input":{{{(inputJson is null ? "\"null\"" : AsHost.Twice(inputJson))}}} },"Metadata":{"instanceId":{{{AsHost.Twice(instanceId)}}} } }""";

    private static async Task<StepOutcome> Answer(Type activity, string envelope)
    {
        await using var app = await WorkerApp.Start(activity);
        return await Answer(app, activity.Name, envelope);
    }

    private static async Task<StepOutcome> Answer(WorkerApp app, string activity, string envelope)
    {
        using var reply = await app.Invoke(activity, envelope);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        using var body = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return ActivityAnswer.Read(AsHost.Recorded(body.RootElement.GetProperty("ReturnValue").GetString()!));
    }

    [DurableTask("Unwritable")]
    private sealed class Unwritable : TaskActivity<int, Type>
    {
        public override Task<Type> RunAsync(TaskActivityContext context, int input) => Task.FromResult(typeof(string));
    }

    private sealed class Patience
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [DurableTask("Patient")]
    private sealed class Patient(Patience patience) : TaskActivity<int, int>
    {
        public override async Task<int> RunAsync(TaskActivityContext context, int input)
        {
            await using var stopped = context.Stopping.Register(patience.Stopped.SetResult);
            patience.Started.SetResult();
            await Task.Delay(Timeout.Infinite, context.Stopping);
            return input;
        }
    }
}
