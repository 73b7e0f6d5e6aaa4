using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hexabase.Local;
using Hexabase.Local.Functions;
using Hexabase.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Hexabase.Tests.Local;

/// <summary>Point 3 of the checklist: the envelope exactly as the protocol has it, and what each kind of answer means.</summary>
public sealed class InvocationTests : IAsyncLifetime
{
    private TestPlatform platform = null!;

    public async Task InitializeAsync() => platform = await TestPlatform.Start();

    public async Task DisposeAsync() => await platform.DisposeAsync();

    [Theory]
    [InlineData("empty object", null)]
    [InlineData("log lines", null)]
    [InlineData("no content", "The answer is empty: Azure would wait for it until the function timeout. Answer at least {}.")]
    [InlineData("empty 200", "The answer is empty: Azure would wait for it until the function timeout. Answer at least {}.")]
    [InlineData("empty chunked 200", "The answer is empty: Azure would wait for it until the function timeout. Answer at least {}.")]
    [InlineData("no content type", "The answer is not application/json but of no type.")]
    [InlineData("plain text", "The answer is not application/json but text/plain.")]
    [InlineData("broken JSON", "The answer is not JSON")]
    [InlineData("half a surrogate pair", "The answer is not JSON")]
    [InlineData("an array", "The answer is not a JSON object but Array.")]
    [InlineData("Logs not an array", "The answer's Logs is not an array.")]
    [InlineData("a redirect", "Response status code does not indicate success: 302 (Found).")]
    [InlineData("a 500", "Response status code does not indicate success: 500 (Out of luck).")]
    [InlineData("a dropped connection", "The connection to the function app broke")]
    [InlineData("a crash", "The connection to the function app broke")]
    public async Task Only_a_2xx_with_a_json_object_is_success(string answer, string? error)
    {
        var result = await Ask(answer);
        Assert.Equal(error is null, result.Succeeded);
        Assert.StartsWith(error ?? "", result.Error ?? "", StringComparison.Ordinal);
        Assert.True((await Ask("empty object")).Succeeded);
    }

    [Fact]
    public async Task An_invocation_that_takes_longer_than_the_function_timeout_costs_the_process()
    {
        var impatient = new HandlerApp();
        impatient.Change("host.json", host => host["functionTimeout"] = "00:00:03");
        await using var own = await TestPlatform.Start(impatient);
        var before = await own.AppProcessId();
        var other = Ask(own, "nothing");
        var result = await Ask(own, "nothing");
        Assert.Equal("Timeout value of 00:00:03 was exceeded by function: Work", result.Error);
        Assert.False((await other).Succeeded);
        Assert.True((await Ask(own, "empty object")).Succeeded);
        Assert.NotEqual(before, await own.AppProcessId());
    }

    [Fact]
    public async Task A_call_that_a_restart_by_the_platform_cuts_off_says_so()
    {
        var cutOff = Ask("nothing");
        await Eventually.Holds(() => platform.App.Calls.Count, calls => calls == 1);
        platform.Process.Restart((await platform.Process.WhenReady(CancellationToken.None))!);
        Assert.Equal(InvocationFailure.Restart, (await cutOff).Failure);
    }

    [Fact]
    public async Task A_call_that_cannot_be_written_as_json_fails_alone()
    {
        var result = await platform.Functions.Invoke("Work", _ => throw new InvalidOperationException("half a pair"), _ => { }, CancellationToken.None);
        Assert.Equal("The call cannot be written as JSON: half a pair", result.Error);
        Assert.True((await Ask("empty object")).Succeeded);
    }

    [Fact]
    public async Task Connecting_that_takes_too_long_is_tried_again_and_does_not_cost_the_process()
    {
        var before = await platform.AppProcessId();
        var attempts = 0;
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            ConnectCallback = async (connection, ct) =>
            {
                if (attempts++ == 0)
                    await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(connection.DnsEndPoint, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        var services = platform.Services;
        var functions = new FunctionApp(
            services.GetRequiredService<FunctionAppFolder>(), platform.Process, http, services.GetRequiredService<PlatformConsole>(), TimeProvider.System);
        Assert.Null((await functions.Invoke("Tick", _ => { }, _ => { }, CancellationToken.None)).Error);
        Assert.Equal((2, before), (attempts, platform.Process.ProcessId));
    }

    [Fact]
    public async Task An_invocation_waits_while_the_app_restarts()
    {
        var before = await platform.AppProcessId();
        using (var app = Process.GetProcessById(before))
            app.Kill();
        await Eventually.Holds(() => platform.Process.ProcessId != before, "the platform notices the kill");
        Assert.True((await Ask("empty object")).Succeeded);
    }

    [Fact]
    public async Task The_call_is_the_one_that_the_functions_host_makes()
    {
        var before = DateTimeOffset.UtcNow;
        await Ask("empty object");
        await Ask("empty object");
        var (first, second) = (platform.App.Calls[0], platform.App.Calls[1]);
        var headers = first["headers"]!;
        Assert.Equal("/Work", (string?)first["pathname"]);
        Assert.Equal("application/json; charset=utf-8", (string?)headers["content-type"]);
        Assert.Equal("chunked", (string?)headers["transfer-encoding"]);
        Assert.Null(headers["content-length"]);
        Assert.Null(headers["traceparent"]);
        Assert.StartsWith("Azure-Functions-Host/4.", (string?)headers["user-agent"], StringComparison.Ordinal);
        Assert.Equal($"Azure-Functions-Host/{headers["x-azure-functions-hostversion"]}", (string?)headers["user-agent"]);
        Assert.NotEqual(Guid.Parse((string)headers["x-azure-functions-invocationid"]!), Guid.Parse((string)second["headers"]!["x-azure-functions-invocationid"]!));

        var body = JsonNode.Parse((string)first["text"]!)!.AsObject();
        Assert.Equal(["Data", "Metadata"], body.Select(p => p.Key), StringComparer.Ordinal);
        Assert.Equal("""{"msg":"\"empty object\""}""", body["Data"]!.ToJsonString(Relaxed));
        Assert.Equal("\"1\"", body["Metadata"]!["DeliveryCount"]!.ToJsonString(Relaxed));
        var sys = body["Metadata"]!["sys"]!;
        Assert.Equal("Work", (string?)sys["MethodName"]);
        Assert.True(Guid.TryParse((string?)sys["RandGuid"], out _));
        Assert.EndsWith("Z", (string?)sys["UtcNow"], StringComparison.Ordinal);
        Assert.InRange(DateTimeOffset.Parse((string)sys["UtcNow"]!, CultureInfo.InvariantCulture), before, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Log_lines_of_an_answer_go_to_the_console()
    {
        await Ask("log lines");
        Assert.Contains("first line\nsecond line", platform.Output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_invocations_at_once_keep_their_envelopes_apart()
    {
        var padded = Enumerable.Range(0, 64).Select(i => new string((char)('a' + (i % 26)), i * 500)).ToList();
        var results = await Task.WhenAll(padded.Select(Ask));
        Assert.All(results, r => Assert.True(r.Succeeded));
        var seen = platform.App.Calls.Select(c => JsonNode.Parse((string)c["text"]!)!["Data"]!["msg"]).Select(m => JsonSerializer.Deserialize<string>((string)m!)!);
        Assert.Equal(padded.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    private static JsonSerializerOptions Relaxed { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Task<InvocationResult> Ask(string answer) => Ask(platform, answer);

    private static Task<InvocationResult> Ask(TestPlatform platform, string answer) => platform.Functions.Invoke(
        "Work",
        data => data.WriteString("msg", JsonSerializer.Serialize(answer)),
        metadata => metadata.WriteString("DeliveryCount", "1"),
        CancellationToken.None);
}
