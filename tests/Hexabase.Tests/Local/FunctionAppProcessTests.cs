using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hexabase.Local;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Local;

/// <summary>Points 1 and 6 of the checklist: start with the environment, ping until it answers, restart on a crash but not on exit 0, kill without warning.</summary>
public sealed class FunctionAppProcessTests
{
    [Fact]
    public async Task The_app_is_told_where_to_listen_and_where_it_lies_and_gets_its_settings()
    {
        await using var platform = await TestPlatform.Start(("Own__Setting", "from local.settings.json"));
        var env = (await platform.Http.GetFromJsonAsync<JsonNode>("/api/echo"))!["env"]!;
        var endpoint = await platform.Process.WhenReady(CancellationToken.None);
        Assert.Equal($"{endpoint!.Port}", (string?)env["FUNCTIONS_CUSTOMHANDLER_PORT"]);
        Assert.Equal($"{endpoint.Port}", (string?)env["FUNCTIONS_HTTPWORKER_PORT"]);
        Assert.Equal((string?)env["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"], (string?)env["FUNCTIONS_HTTPWORKER_ID"]);
        Assert.True(Guid.TryParse((string?)env["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"], out _));
        Assert.Equal(platform.App.Folder, (string?)env["FUNCTIONS_APP_ROOT_PATH"]);
        Assert.Equal("custom", (string?)env["FUNCTIONS_WORKER_RUNTIME"]);
        Assert.Equal("Development", (string?)env["AZURE_FUNCTIONS_ENVIRONMENT"]);
        Assert.Equal($"http://localhost:{platform.Platform.Address.Port}", (string?)env["Auth__PublicBaseUrl"]);
        Assert.Equal("from local.settings.json", (string?)env["Own__Setting"]);
    }

    [Fact]
    public async Task Requests_wait_while_the_app_starts()
    {
        await using var platform = await TestPlatform.Start(("HANDLER_STARTS_AFTER_MS", "600"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => platform.Http.GetAsync("/api/echo")));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
    }

    [Fact]
    public async Task A_killed_app_is_started_again_and_waiting_requests_are_served()
    {
        await using var platform = await TestPlatform.Start();
        var before = await platform.AppProcessId();
        using (var app = Process.GetProcessById(before))
            app.Kill();
        await Eventually.Holds(() => platform.Process.ProcessId != before, "the platform notices the kill");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => platform.Http.PostAsJsonAsync("/api/echo", i)));
        foreach (var answer in answers)
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.NotEqual(before, (int?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["pid"]);
        }
        await Eventually.Holds(() => platform.Error.ToString().Contains("The function app died (exit code 137); started again after 0.1 s.", StringComparison.Ordinal), "said so");
    }

    [Fact]
    public async Task A_request_that_the_app_dies_on_is_answered_502_and_not_sent_again()
    {
        await using var platform = await TestPlatform.Start();
        using var died = await platform.Http.PostAsync("/api/crash", null);
        Assert.Equal(HttpStatusCode.BadGateway, died.StatusCode);
        Assert.Equal("APP_FAILED", (string?)(await died.Content.ReadFromJsonAsync<JsonNode>())!["code"]);
        using var next = await platform.Http.GetAsync("/api/echo");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task What_could_not_connect_was_not_sent_and_is_tried_again()
    {
        await using var platform = await TestPlatform.Start();
        using var deaf = await platform.Http.PostAsync("/api/deaf", null); // for half a second nobody listens
        var requests = Enumerable.Range(0, 8).Select(i => platform.Http.PostAsJsonAsync("/api/echo", i));
        var invocations = Enumerable.Range(0, 8).Select(_ => platform.Functions.Invoke("Tick", _ => { }, _ => { }, CancellationToken.None));
        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.All(await Task.WhenAll(invocations), result => Assert.Null(result.Error));
    }

    [Fact]
    public async Task It_keeps_trying_after_the_crashes_that_would_stop_azure_and_says_so()
    {
        await using var platform = await TestPlatform.Start();
        for (var crash = 0; crash < 4; crash++)
        {
            using var died = await platform.Http.PostAsync("/api/crash", null);
        }
        using var answer = await platform.Http.GetAsync("/api/echo");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Azure would stop the host here", platform.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_ends_with_exit_code_0_stays_down_and_requests_are_answered_503()
    {
        await using var platform = await TestPlatform.Start();
        await EndWith(platform, exitCode: 0);
        using var answer = await platform.Http.GetAsync("/api/echo");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("ended itself (exit code 0) and is not started again", platform.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_wait_for_the_next_start_of_the_platform_when_the_app_has_ended_itself()
    {
        using var data = new TemporaryFolder();
        await using (var platform = await TestPlatform.Start(new HandlerApp(), data.Path))
        {
            await platform.Queue.Send(["nothing", "empty object"]);
            await Eventually.Holds(() => platform.App.Calls.Count == 1, "the first message is being worked on");
            Signals.Send(await platform.AppProcessId(), Signals.Terminate);
            await Eventually.Holds(() => platform.Error.ToString().Contains("is not started again", StringComparison.Ordinal), "it has ended");
            await platform.Queue.Send("empty object");
        }
        Assert.Equal((3L, 0L, 1L), await QueueClient.Left(data.Path));
    }

    [Fact]
    public async Task A_message_whose_delivery_the_app_dies_on_is_delivered_again()
    {
        await using var platform = await TestPlatform.Start();
        await platform.Queue.Send("nothing");
        await Eventually.Holds(() => platform.App.Calls.Count == 1, "the message is being worked on");
        Signals.Send(await platform.AppProcessId(), Signals.Kill);
        await Eventually.Holds(() => platform.App.Calls.Count == 2, "it is delivered again");
        Assert.Equal(["1", "2"], platform.App.Calls.Select(c => (string?)JsonNode.Parse((string)c["text"]!)!["Metadata"]!["DeliveryCount"]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_app_that_ends_with_exit_code_200_is_started_again_and_nobody_calls_it_a_crash()
    {
        await using var platform = await TestPlatform.Start();
        var before = await platform.AppProcessId();
        await EndWith(platform, exitCode: 200);
        using var answer = await platform.Http.GetAsync("/api/echo");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(before, platform.Process.ProcessId);
        Assert.Equal("", platform.Error.ToString());
    }

    [Fact]
    public async Task A_request_waits_half_a_minute_for_an_app_that_does_not_come_up()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var platform = await TestPlatform.Start(new HandlerApp(("HANDLER_STARTS_AFTER_MS", "600000")), clock: time);
        var answer = platform.Http.GetAsync("/api/echo");
        await Eventually.Holds(() => time.PendingTimers > 0, "something waits");
        var waited = TimeSpan.Zero;
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            waited += TimeSpan.FromSeconds(1);
            await Task.Delay(20);
        }
        using var given = await answer;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, given.StatusCode);
        Assert.True(waited >= TimeSpan.FromSeconds(30), $"waited {waited}");
    }

    [Fact]
    public async Task A_broken_database_is_refused_at_start()
    {
        using var data = new TemporaryFolder();
        await File.WriteAllTextAsync(data.File("platform.db"), new string('x', 8_192));
        using var app = new HandlerApp();
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => TestPlatform.Start(app, data.Path));
        Assert.StartsWith($"{data.File("platform.db")} cannot be used: ", refusal.Message, StringComparison.Ordinal);
        using var free = DataFolder.Claim(data.Path);
    }

    [Fact]
    public async Task An_app_that_was_not_built_is_refused_at_start()
    {
        using var app = new HandlerApp();
        app.Write("host.json", """{"customHandler": {"description": {"defaultExecutablePath": "Not.Built"}, "enableForwardingHttpRequest": true}}""");
        var refusal = await Assert.ThrowsAsync<CannotStartException>(() => TestPlatform.Start(app));
        Assert.Equal($"There is no Not.Built in {app.Folder} nor on the PATH: build the function app.", refusal.Message);
    }

    [Fact]
    public async Task An_app_that_ends_itself_before_it_answers_is_not_up()
    {
        await using var platform = await TestPlatform.Start(("HANDLER_EXITS_WITH", "0"));
        await Assert.ThrowsAsync<CannotStartException>(() => platform.Platform.WhenUp(CancellationToken.None));
    }

    [Fact]
    public async Task What_the_app_writes_to_its_error_output_goes_to_ours()
    {
        await using var platform = await TestPlatform.Start(("HANDLER_SAYS_ON_START", "a line of its own"));
        await Eventually.Holds(() => platform.Error.ToString().Contains("a line of its own", StringComparison.Ordinal), "the line is there");
    }

    [Fact]
    public async Task The_app_is_gone_when_the_platform_is()
    {
        int app;
        await using (var platform = await TestPlatform.Start())
            app = await platform.AppProcessId();
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(app));
    }

    private static async Task EndWith(TestPlatform platform, int exitCode)
    {
        await platform.Process.WhenReady(CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/crash") { Headers = { { "x-exit-code", $"{exitCode}" } } };
        using var answer = await platform.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }
}
