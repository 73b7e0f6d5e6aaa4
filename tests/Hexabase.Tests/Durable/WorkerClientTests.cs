using System.Net;
using System.Text.Json.Nodes;
using Hexabase.Domain;
using Hexabase.Worker.Durable;
using Instance = Hexabase.Tests.Durable.FakeDurableHost.Instance;

namespace Hexabase.Tests.Durable;

public sealed class WorkerClientTests : IAsyncLifetime
{
    private const string Chain = FakeDurableHost.Known;

    private FakeDurableHost host = null!;
    private DurableTaskClient client = null!;

    public async Task InitializeAsync()
    {
        host = await FakeDurableHost.Start();
        client = host.Client();
    }

    public Task DisposeAsync() => host.DisposeAsync().AsTask();

    [Fact]
    public async Task An_orchestration_starts_under_a_new_id_with_its_input()
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(Chain, new Order("A1", 2));

        Assert.Equal("A1", (string?)host.Instances[id].Input!["Sku"]);
    }

    [Fact]
    public async Task An_input_is_written_as_the_app_chose()
    {
        var configured = host.Client(configure: o => o.Json = DomainJson.Options);
        var id = await configured.ScheduleNewOrchestrationInstanceAsync(Chain, new Order("A1", 2));

        Assert.Equal("A1", (string?)host.Instances[id].Input!["sku"]);
    }

    [Theory]
    [InlineData("order-42")]
    [InlineData("upgrade:7 +%2F~é&code=1;=")]
    public async Task An_orchestration_starts_under_the_id_that_was_chosen(string id)
    {
        Assert.Equal(id, await Start(id));
        Assert.Null(host.Instances[id].Input);
        Assert.Equal(id, (await client.GetInstanceAsync(id))!.InstanceId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@entity")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\nb")]
    [InlineData("..")]
    [InlineData(".")]
    public async Task An_id_that_no_instance_can_have_is_refused_before_any_call(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Start(id));
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetInstanceAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => client.TerminateInstanceAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => client.PurgeInstanceAsync(id));
        Assert.Equal(0, host.Calls);
    }

    [Fact]
    public async Task An_id_has_at_most_100_characters()
    {
        Assert.NotNull(await Start(new string('a', 100)));
        await Assert.ThrowsAsync<ArgumentException>(() => Start(new string('a', 101)));
    }

    [Fact]
    public async Task A_second_start_while_the_first_runs_is_refused()
    {
        await Start("order-42");

        Assert.Equal("order-42", (await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => Start("order-42"))).InstanceId);
        Assert.Equal(["start order-42"], host.Deeds);
    }

    [Fact]
    public async Task The_id_of_a_finished_instance_may_be_used_again()
    {
        host.Instances["order-42"] = new Instance(Chain, null, "Failed");

        Assert.Equal("order-42", await Start("order-42"));
    }

    [Theory]
    [InlineData("order-42", "Running", null)]
    [InlineData(null, "Running", null)]
    [InlineData(null, "Completed", null)]
    [InlineData("order-42", "Running", 503)]
    public async Task A_start_whose_answer_is_lost_starts_once(string? id, string status, int? answer)
    {
        host.StatusOfStarted = status;
        host.GoWrong(answer, afterItsEffect: true);

        var started = await client.ScheduleNewOrchestrationInstanceAsync(Chain, new Order("A1", 2), new(id));

        Assert.Equal($"start {started}", Assert.Single(host.Deeds));
        Assert.Equal(id ?? started, started);
    }

    [Fact]
    public async Task A_lost_answer_does_not_make_another_instance_ours()
    {
        host.Instances["order-42"] = new Instance(Chain, JsonNode.Parse("""{"Sku":"B7"}"""));
        host.GoWrong(status: null);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => client.ScheduleNewOrchestrationInstanceAsync(Chain, new Order("A1", 2), new("order-42")));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(null)]
    public async Task A_host_that_cannot_answer_is_asked_again_after_growing_pauses(int? status)
    {
        var clock = new ImpatientTimeProvider();
        host.GoWrong(status);
        host.GoWrong(status);

        Assert.Null(await host.Client(clock).GetInstanceAsync("order-42"));
        Assert.Collection(
            clock.Waits,
            first => Assert.InRange(first.TotalMilliseconds, 100, 200),
            second => Assert.InRange(second.TotalMilliseconds, 200, 400));
    }

    [Fact]
    public async Task A_host_that_never_answers_is_given_up_after_four_tries()
    {
        for (var i = 0; i < 4; i++)
            host.GoWrong(status: 503);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetInstanceAsync("order-42"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, failure.StatusCode);
        Assert.Equal(4, host.Calls);
    }

    [Fact]
    public async Task A_host_that_is_not_there_fails_the_call_without_telling_the_key()
    {
        await host.DisposeAsync();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetInstanceAsync("order-42"));

        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_a_call()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetInstanceAsync("order-42", cancellation: cancelled.Token));
    }

    [Fact]
    public async Task A_function_that_is_not_there_is_named() =>
        Assert.Contains(
            "The function 'Unknown' doesn't exist.",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => client.ScheduleNewOrchestrationInstanceAsync("Unknown"))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Running", OrchestrationRuntimeStatus.Running, false)]
    [InlineData("Pending", OrchestrationRuntimeStatus.Pending, false)]
    [InlineData("ContinuedAsNew", OrchestrationRuntimeStatus.ContinuedAsNew, false)]
    [InlineData("Suspended", OrchestrationRuntimeStatus.Suspended, false)]
    [InlineData("Completed", OrchestrationRuntimeStatus.Completed, true)]
    [InlineData("Failed", OrchestrationRuntimeStatus.Failed, true)]
    [InlineData("Terminated", OrchestrationRuntimeStatus.Terminated, true)]
    [InlineData("Canceled", OrchestrationRuntimeStatus.Canceled, true)]
    public async Task Every_status_is_understood(string status, OrchestrationRuntimeStatus understood, bool isFinished)
    {
        host.Instances["order-42"] = new Instance(Chain, null, status);

        var instance = await client.GetInstanceAsync("order-42");

        Assert.Equal(
            new OrchestrationMetadata(Chain, "order-42", understood, At("00:00:00"), At("00:00:01")),
            instance);
        Assert.Equal(isFinished, instance!.IsFinished);
    }

    [Fact]
    public async Task Input_output_and_custom_status_come_when_asked_for()
    {
        host.Instances["order-42"] = new Instance(Chain, JsonNode.Parse("""{"a":1}"""), "Failed", "Out of stock.", JsonNode.Parse("[1]"));

        var instance = await client.GetInstanceAsync("order-42", getInputsAndOutputs: true);

        Assert.Equal("""{"a":1}""", instance!.SerializedInput!.Value.GetRawText());
        Assert.Equal("Out of stock.", instance.SerializedOutput!.Value.GetString());
        Assert.Equal("[1]", instance.SerializedCustomStatus!.Value.GetRawText());
    }

    [Fact]
    public async Task What_is_absent_is_null()
    {
        host.Instances["order-42"] = new Instance(Chain, null);

        var instance = await client.GetInstanceAsync("order-42", getInputsAndOutputs: true);

        Assert.Equal((null, null, null), (instance!.SerializedInput, instance.SerializedOutput, instance.SerializedCustomStatus));
        Assert.Null(await client.GetInstanceAsync("another"));
    }

    [Fact]
    public async Task An_event_reaches_an_instance_that_runs()
    {
        await Start("order-42");

        Assert.True(await client.RaiseEventAsync("order-42", "Approved by", "Ann"));
        Assert.True(await client.RaiseEventAsync("order-42", "Nothing"));
        Assert.Equal(["raise order-42 Approved by Ann", "raise order-42 Nothing "], host.Deeds.Skip(1));
    }

    [Fact]
    public async Task An_instance_can_be_suspended_resumed_terminated_and_purged()
    {
        await Start("order-42");

        Assert.True(await client.SuspendInstanceAsync("order-42", "hold & wait"));
        Assert.True(await client.ResumeInstanceAsync("order-42"));
        Assert.True(await client.TerminateInstanceAsync("order-42", "enough"));
        Assert.True(await client.PurgeInstanceAsync("order-42"));
        Assert.Equal(["suspend order-42 hold & wait", "resume order-42 ", "terminate order-42 enough"], host.Deeds.Skip(1));
        Assert.Empty(host.Instances);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("finished")]
    public async Task Nothing_is_told_to_an_instance_that_does_not_run(string id)
    {
        host.Instances["finished"] = new Instance(Chain, null, "Completed");

        Assert.False(await client.RaiseEventAsync(id, "Approved"));
        Assert.False(await client.SuspendInstanceAsync(id));
        Assert.False(await client.ResumeInstanceAsync(id));
        Assert.False(await client.TerminateInstanceAsync(id));
    }

    [Fact]
    public async Task What_has_finished_by_a_moment_is_purged_at_once_and_counted()
    {
        host.Instances["a"] = new Instance(Chain, null, "Completed");
        host.Instances["b"] = new Instance(Chain, null, "Failed");
        host.Instances["c"] = new Instance(Chain, null);

        Assert.Equal(2, await client.PurgeAllInstancesAsync(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.FromHours(9))));
        Assert.Equal(0, await client.PurgeAllInstancesAsync(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.FromHours(9))));
        Assert.Equal("purge 2026-01-14T15:00:00.0000000+00:00 Completed,Failed,Terminated", host.Deeds.First());
        Assert.Equal("c", Assert.Single(host.Instances).Key);
    }

    [Fact]
    public async Task What_runs_is_not_purged()
    {
        await Start("order-42");

        Assert.False(await client.PurgeInstanceAsync("order-42"));
        Assert.Single(host.Instances);
    }

    [Fact]
    public async Task Purging_what_is_not_there_says_so() => Assert.False(await client.PurgeInstanceAsync("missing"));

    [Fact]
    public async Task Waiting_looks_less_and_less_often_until_the_instance_is_finished()
    {
        var clock = new ImpatientTimeProvider();
        await Start("order-42");
        var waiting = host.Client(clock).WaitForInstanceCompletionAsync("order-42");
        await Support.Eventually.Holds(() => clock.Waits.Count >= 15, "15 looks");
        host.Instances["order-42"] = host.Instances["order-42"] with { Status = "Completed" };

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await waiting).RuntimeStatus);
        Assert.Equal(TimeSpan.FromMilliseconds(100), clock.Waits[0]);
        Assert.Equal(clock.Waits.Order(), clock.Waits);
        Assert.Equal(TimeSpan.FromSeconds(5), clock.Waits.Max());
    }

    [Fact]
    public async Task Waiting_for_what_is_not_there_fails() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.WaitForInstanceCompletionAsync("missing"));

    private static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse($"2026-01-15T{time}Z", System.Globalization.CultureInfo.InvariantCulture);

    private Task<string> Start(string id) => client.ScheduleNewOrchestrationInstanceAsync(Chain, options: new(id));
}
