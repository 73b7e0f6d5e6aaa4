using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Hexabase.Durable;
using Hexabase.Local.Durable;
using Hexabase.Local.Functions;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Durable;

/// <summary>The HTTP management API: fact sheet durable-custom-handler §4.</summary>
public sealed class EngineApiTests : IAsyncLifetime
{
    private readonly ScriptedApp app = new(new Script(new Step.Activities(["Echo"], "\"hello\""), new Step.Events(1)));
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
    private EngineHost host = null!;

    public async Task InitializeAsync() => host = await EngineHost.Start(app.App, clock);

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_start_is_answered_with_the_addresses_of_the_instance()
    {
        var response = await host.Post("orchestrators/scripted/order-42", "1");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), response.Headers.RetryAfter!.Delta);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("order-42", body.GetProperty("id").GetString());
        Assert.Equal(response.Headers.Location!.OriginalString, body.GetProperty("statusQueryGetUri").GetString());
        Assert.Equal(HttpStatusCode.Accepted, (await host.Http.GetAsync(response.Headers.Location)).StatusCode);
        var raise = body.GetProperty("sendEventPostUri").GetString()!.Replace("{eventName}", "go", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Http.PostAsync(new Uri(raise), JsonContent.Create(1))).StatusCode);
        await host.End("order-42");
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync(response.Headers.Location)).StatusCode);
        foreach (var name in new[] { "terminatePostUri", "suspendPostUri", "resumePostUri", "restartPostUri", "purgeHistoryDeleteUri" })
            Assert.Contains("/instances/order-42", body.GetProperty(name).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_id_a_new_one_is_made()
    {
        var body = await (await host.Post("orchestrators/Scripted")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.NotNull(host.Instances.Find(body.GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task The_status_shows_input_output_and_times()
    {
        await host.Post("orchestrators/Scripted/order-42", """{ "sku": "A1" }""");
        clock.Advance(TimeSpan.FromSeconds(90.5));
        await host.Post("instances/order-42/raiseEvent/go", "1");
        await host.End("order-42");
        var status = await host.Status("order-42");
        Assert.Equal("Scripted", status.GetProperty("name").GetString());
        Assert.Equal("Completed", status.GetProperty("runtimeStatus").GetString());
        Assert.Equal("A1", status.GetProperty("input").GetProperty("sku").GetString());
        Assert.Equal("A1", status.GetProperty("output").GetProperty("sku").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("customStatus").ValueKind);
        Assert.Equal("2026-01-15T00:00:00Z", status.GetProperty("createdTime").GetString());
        Assert.Equal("2026-01-15T00:01:30Z", status.GetProperty("lastUpdatedTime").GetString());
        Assert.Equal(JsonValueKind.Null, status.GetProperty("historyEvents").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await host.Status("order-42", "&showInput=false")).GetProperty("input").ValueKind);
    }

    [Fact]
    public async Task The_history_shows_what_happened_without_the_bookkeeping()
    {
        await host.Post("orchestrators/Scripted/order-42", "1");
        await Eventually.Holds(() => app.App.Turns.Count, turns => turns == 2);
        await host.Post("instances/order-42/raiseEvent/go", "7");
        await host.End("order-42");
        var history = (await host.Status("order-42", "&showHistory=true&showHistoryOutput=true")).GetProperty("historyEvents").EnumerateArray().ToList();
        Assert.Equal(
            ["ExecutionStarted", "TaskCompleted", "EventRaised", "ExecutionCompleted"], history.Select(e => e.GetProperty("EventType").GetString()!));
        Assert.Equal("Echo", history[1].GetProperty("FunctionName").GetString());
        Assert.Equal("hello", history[1].GetProperty("Result").GetString());
        Assert.Equal("go", history[2].GetProperty("Name").GetString());
        Assert.Equal("Completed", history[3].GetProperty("OrchestrationStatus").GetString());
    }

    [Fact]
    public async Task A_failed_instance_is_a_500_only_for_those_who_want_it_so()
    {
        app.App.Turn = (_, _, _) => Task.FromResult(new InvocationResult("boom"));
        await host.Post("orchestrators/Scripted/order-42");
        await host.End("order-42");
        Assert.Equal(HttpStatusCode.OK, (await host.Get("instances/order-42")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await host.Get("instances/order-42", "&returnInternalServerErrorOnFailure=true")).StatusCode);
        Assert.Equal("Function 'Scripted' failed with an unhandled exception.", (await host.Status("order-42")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task An_id_is_free_again_when_its_instance_has_finished()
    {
        await host.Post("orchestrators/Scripted/order-42");
        Assert.Equal(HttpStatusCode.InternalServerError, (await host.Post("orchestrators/Scripted/order-42")).StatusCode);
        await host.Post("instances/order-42/terminate");
        await host.End("order-42");
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("orchestrators/Scripted/order-42", "2")).StatusCode);
        Assert.Equal(2, (await host.Status("order-42")).GetProperty("input").GetInt32());
        Assert.Equal(1, host.Count("durable_instances"));
    }

    [Fact]
    public async Task A_start_may_wait_for_the_end()
    {
        app.App.Turn = (_, request, _) =>
            Task.FromResult(EngineApp.Answer(ScriptedApp.Play(new Script(), request)));
        await using var waiting = await EngineHost.Start(app.App);
        var response = await waiting.Post("orchestrators/Scripted/order-42", "[1]", "&timeout=20&pollingInterval=0.05");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("[1]", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_start_that_waited_in_vain_is_answered_as_one_that_did_not_wait()
    {
        await using var waiting = await EngineHost.Start(app.App);
        Assert.Equal(HttpStatusCode.Accepted, (await waiting.Post("orchestrators/Scripted/x", null, "&timeout=0.1&pollingInterval=0.05")).StatusCode);
    }

    [Theory]
    [InlineData("orchestrators/Nothing", "functionName")]
    [InlineData("orchestrators/Echo", "functionName")]
    [InlineData("orchestrators/Scripted/@entity", "instanceId")]
    [InlineData("orchestrators/Scripted/a%23b", "instanceId")]
    [InlineData("orchestrators/Scripted/a%0Ab", "instanceId")]
    [InlineData("orchestrators/Scripted?timeout=soon", "timeout")]
    [InlineData("orchestrators/Scripted?timeout=1e9", "timeout")]
    [InlineData("orchestrators/Scripted?timeout=1&pollingInterval=0", "pollingInterval")]
    public async Task A_start_that_makes_no_sense_is_refused_and_says_where(string path, string field)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var response = await host.Http.PostAsync(new Uri($"{path}{separator}code={EngineHost.Code}", UriKind.Relative), content: null);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("MALFORMED", field), (problem.GetProperty("code").GetString()!, problem.GetProperty("field").GetString()!));
        Assert.Equal(0, host.Count("durable_instances"));
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("\"\\ud800\"", HttpStatusCode.BadRequest)]
    [InlineData("null", HttpStatusCode.Accepted)]
    public async Task An_input_is_json(string body, HttpStatusCode status) =>
        Assert.Equal(status, (await host.Post("orchestrators/Scripted", body)).StatusCode);

    [Fact]
    public async Task An_input_is_bounded() => Assert.Equal(
        HttpStatusCode.RequestEntityTooLarge, (await host.Post("orchestrators/Scripted", $"\"{new string('x', 1024 * 1024)}\"")).StatusCode);

    [Fact]
    public async Task An_input_is_read_whatever_type_its_body_has()
    {
        var body = new StringContent("5", Encoding.UTF8, "text/plain");
        await host.Http.PostAsync(new Uri($"orchestrators/Scripted/order-42?code={EngineHost.Code}", UriKind.Relative), body);
        Assert.Equal(5, (await host.Status("order-42")).GetProperty("input").GetInt32());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?code=")]
    [InlineData("?code=wrong")]
    public async Task Nothing_is_open_without_the_key(string query)
    {
        foreach (var path in new[] { "instances", "instances/x" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.Http.GetAsync(new Uri(path + query, UriKind.Relative))).StatusCode);
        var start = await host.Http.PostAsync(new Uri("orchestrators/Scripted" + query, UriKind.Relative), content: null);
        Assert.Equal(HttpStatusCode.Unauthorized, start.StatusCode);
    }

    [Fact]
    public async Task Pages_of_other_sites_are_refused_even_with_the_key()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"instances?code={EngineHost.Code}", UriKind.Relative));
        request.Headers.Add("Origin", "https://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await host.Http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("raiseEvent/go")]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    public async Task What_is_sent_to_nobody_is_not_found_and_to_a_finished_instance_gone(string what)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await host.Post($"instances/order-42/{what}", "1")).StatusCode);
        await host.Post("orchestrators/Scripted/order-42");
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post($"instances/order-42/{what}", "1")).StatusCode);
        await host.Post("instances/order-42/resume");
        await host.Post("instances/order-42/terminate");
        await host.End("order-42");
        Assert.Equal(HttpStatusCode.Gone, (await host.Post($"instances/order-42/{what}", "1")).StatusCode);
    }

    [Fact]
    public async Task An_events_payload_is_declared_as_json()
    {
        await host.Post("orchestrators/Scripted/order-42");
        var body = new ByteArrayContent("1"u8.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } };
        var response = await host.Http.PostAsync(new Uri($"instances/order-42/raiseEvent/go?code={EngineHost.Code}", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Instances_are_listed_by_prefix_time_and_status_in_pages()
    {
        for (var i = 0; i < 5; i++)
        {
            await host.Post($"orchestrators/Scripted/a-{i}");
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        await host.Post("orchestrators/Scripted/b-0");
        await host.Post("instances/a-4/terminate");
        await host.End("a-4");

        Assert.Equal(["a-0", "a-1", "a-2", "a-3", "a-4"], await Ids("&instanceIdPrefix=a-"));
        Assert.Equal(["a-4"], await Ids("&runtimeStatus=Terminated,Failed"));
        Assert.Equal(["a-1", "a-2"], await Ids("&createdTimeFrom=2026-01-15T00:01:00Z&createdTimeTo=2026-01-15T00:02:30Z"));

        var first = await host.Get("instances", "&top=4");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"instances?code={EngineHost.Code}&top=4", UriKind.Relative));
        request.Headers.Add("x-ms-continuation-token", first.Headers.GetValues("x-ms-continuation-token").Single());
        var second = await host.Http.SendAsync(request);
        Assert.Equal(["a-4", "b-0"], await Ids(second));
        Assert.False(second.Headers.Contains("x-ms-continuation-token"));
    }

    [Fact]
    public async Task A_page_ends_when_it_has_grown_large()
    {
        var input = $"\"{new string('x', 1_000_000)}\"";
        for (var i = 0; i < 12; i++)
            await host.Post($"orchestrators/Scripted/a-{i}", input);
        var first = await host.Get("instances");
        Assert.Equal(9, (await Ids(first)).Count);
        Assert.True(first.Headers.Contains("x-ms-continuation-token"));
    }

    [Theory]
    [InlineData("&top=0")]
    [InlineData("&top=many")]
    [InlineData("&runtimeStatus=Sleeping")]
    [InlineData("&runtimeStatus=1")]
    [InlineData("&createdTimeFrom=yesterday")]
    [InlineData("&showInput=perhaps")]
    public async Task A_list_that_makes_no_sense_is_refused(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Get("instances", query)).StatusCode);

    [Fact]
    public async Task A_purge_deletes_a_finished_instance_with_all_that_is_kept_of_it()
    {
        await host.Post("orchestrators/Scripted/order-42");
        Assert.Equal(HttpStatusCode.Conflict, (await Delete("instances/order-42")).StatusCode);
        await host.Post("instances/order-42/terminate");
        await host.End("order-42");
        Assert.Equal("""{"instancesDeleted":1}""", await (await Delete("instances/order-42")).Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await Delete("instances/order-42")).StatusCode);
        foreach (var table in new[] { "durable_instances", "durable_history", "durable_messages", "durable_timers" })
            Assert.Equal(0, host.Count(table));
    }

    [Fact]
    public async Task A_purge_of_many_takes_the_finished_ones_that_are_meant()
    {
        foreach (var id in new[] { "a", "b", "c" })
            await host.Post($"orchestrators/Scripted/{id}");
        foreach (var id in new[] { "a", "b" })
        {
            await host.Post($"instances/{id}/terminate");
            await host.End(id);
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await Delete("instances")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Delete("instances", "&createdTimeFrom=2026-02-01T00:00:00Z")).StatusCode);
        var deleted = await Delete("instances", "&createdTimeFrom=2026-01-01T00:00:00Z&runtimeStatus=Terminated,Completed");
        Assert.Equal("""{"instancesDeleted":2}""", await deleted.Content.ReadAsStringAsync());
        Assert.Equal(["c"], await Ids(""));
    }

    [Fact]
    public async Task A_restart_begins_again_with_the_same_input_under_a_new_id_or_the_old_one()
    {
        await host.Post("orchestrators/Scripted/order-42", "7");
        Assert.Equal(HttpStatusCode.NotFound, (await host.Post("instances/nobody/restart")).StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, (await host.Post("instances/order-42/restart", null, "&restartWithNewInstanceId=false")).StatusCode);
        var anew = await (await host.Post("instances/order-42/restart")).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("7", host.Instances.Find(anew.GetProperty("id").GetString()!)!.Input);
        await host.Post("instances/order-42/terminate");
        await host.End("order-42");
        Assert.Equal(HttpStatusCode.Accepted, (await host.Post("instances/order-42/restart", null, "&restartWithNewInstanceId=false")).StatusCode);
        Assert.Equal("7", host.Instances.Find("order-42")!.Input);
        Assert.False(host.Instances.Find("order-42")!.IsFinished);
    }

    [Fact]
    public async Task Rewinding_is_not_offered() =>
        Assert.Equal(HttpStatusCode.NotImplemented, (await host.Post("instances/order-42/rewind")).StatusCode);

    [Fact]
    public async Task Suspended_instances_are_shown_as_such()
    {
        await host.Post("orchestrators/Scripted/order-42");
        await host.Post("instances/order-42/suspend", null, "&reason=hold");
        await Eventually.Holds(() => host.Instances.Find("order-42")!.Status, status => status == OrchestrationStatus.Suspended);
        await host.Post("instances/order-42/raiseEvent/go", "1");
        await host.Post("instances/order-42/resume");
        Assert.Equal(OrchestrationStatus.Completed, (await host.End("order-42")).Status);
    }

    [Fact]
    public void Settings_that_make_no_sense_stop_the_platform()
    {
        foreach (var section in new[] { """{"maxConcurrentActivityFunctions":0}""", """{"hubName":5}""", """{"overridableExistingInstanceStates":"Any"}""" })
            Assert.Throws<Hexabase.Local.CannotStartException>(
                () => DurableSettings.Read(JsonElement.Parse($$$"""{"extensions":{"durableTask":{{{section}}}}}"""), "code"));
        var read = DurableSettings.Read(
            JsonElement.Parse("""{"extensions":{"durableTask":{"maxConcurrentOrchestratorFunctions":3,"overridableExistingInstanceStates":"anyState"}}}"""),
            "code");
        Assert.Equal((3, true), (read.MaxConcurrentOrchestratorFunctions, read.ReplacesRunningInstances));
    }

    private Task<HttpResponseMessage> Delete(string path, string query = "") =>
        host.Http.DeleteAsync(new Uri($"{path}?code={EngineHost.Code}{query}", UriKind.Relative));

    private async Task<IReadOnlyList<string>> Ids(string query) => await Ids(await host.Get("instances", query));

    private static async Task<IReadOnlyList<string>> Ids(HttpResponseMessage response) =>
        [.. (await response.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Select(i => i.GetProperty("instanceId").GetString()!)];
}
