using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Worker;
using Hexabase.Worker.Envelopes;
using Microsoft.AspNetCore.Builder;

namespace Hexabase.Tests.Worker;

public sealed class AnswerTests
{
    [Fact]
    public async Task Success_is_an_empty_JSON_object_never_an_empty_reply()
    {
        await using var app = await WorkerApp.Start(typeof(OnMessage));
        using var reply = await app.Invoke("OnMessage", AsHost.Message("hi"));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal("application/json", reply.Content.Headers.ContentType!.MediaType);
        Assert.Equal("{}", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_failed_invocation_is_a_500_whose_reason_phrase_says_why_on_one_line()
    {
        await using var app = await WorkerApp.Start(typeof(Failing));
        using var reply = await app.Invoke("Failing", AsHost.Message("now"));

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.Equal("InvalidOperationException: No  Set-Cookie: ?=1 now", reply.ReasonPhrase);
        Assert.False(reply.Headers.Contains("Set-Cookie"));
        Assert.Equal("{}", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_failed_invocation_is_logged_once_with_its_exception_function_and_invocation()
    {
        await using var app = await WorkerApp.Start(typeof(Failing));
        using var reply = await app.Invoke("Failing", AsHost.Message("now"));

        var line = Assert.Single(app.Log.Errors);
        Assert.IsType<InvalidOperationException>(line.Exception);
        Assert.Equal("Failing", line.Scope["Function"]);
        Assert.Equal("11111111-2222-3333-4444-555555555555", line.Scope["InvocationId"]);
    }

    [Fact]
    public void Any_failure_fits_into_a_reason_phrase() => Prop.ForAll(DoubleEncodingTests.Texts, text =>
    {
        var phrase = ReasonPhrase.Of(new TimeoutException(text + new string('x', 1_000)));
        return phrase.Length == ReasonPhrase.MostCharacters && phrase.All(c => c is >= ' ' and <= '~')
            && phrase.StartsWith("TimeoutException: ", StringComparison.Ordinal);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Data":{}}""")]
    [InlineData("""{"Data":{"other":"x"}}""")]
    [InlineData("""{"Data":{"msg":"\ud800"}}""")]
    public async Task An_unusable_envelope_is_a_failed_invocation(string envelope)
    {
        await using var app = await WorkerApp.Start(typeof(OnMessage));
        using var reply = await app.Invoke("OnMessage", envelope);

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.Equal("{}", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_envelope_beyond_the_limit_is_a_failed_invocation()
    {
        await using var app = await WorkerApp.Start(typeof(OnMessage));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/OnMessage")
        {
            Content = new ByteArrayContent(new byte[Envelope.MostBytes + 1]),
            Headers = { ExpectContinue = true },
        };
        using var reply = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.InternalServerError, reply.StatusCode);
        Assert.StartsWith("BadHttpRequestException: ", reply.ReasonPhrase, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/Unknown", HttpStatusCode.NotFound)]
    [InlineData("GET", "/Unknown", HttpStatusCode.NotFound)]
    [InlineData("GET", "/OnMessage", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/OnMessage", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/", HttpStatusCode.NotFound)]
    public async Task An_unknown_function_is_not_found_and_another_method_not_allowed(string method, string path, HttpStatusCode status)
    {
        await using var app = await WorkerApp.Start(typeof(OnMessage));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var reply = await app.Http.SendAsync(request);

        Assert.Equal(status, reply.StatusCode);
    }

    [Fact]
    public async Task The_readiness_ping_is_answered_before_anything_else_of_the_app()
    {
        await using var app = await WorkerApp.Start(
            _ => { },
            use => use.Run(_ => throw new InvalidOperationException("not for pings")),
            typeof(OnMessage));
        using var reply = await app.Http.GetAsync(new Uri("/", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal("{}", await reply.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_host_that_gives_up_cancels_the_function()
    {
        await using var app = await WorkerApp.Start(typeof(Waiting));
        using var patience = new CancellationTokenSource();
        var call = app.Invoke("Waiting", AsHost.Message("hi"), patience.Token);
        while (Waiting.Started.CurrentCount > 0)
            await Task.Delay(10);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Waiting.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private sealed class Waiting
    {
        public static readonly CountdownEvent Started = new(1);
        public static readonly TaskCompletionSource Cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Function("Waiting")]
        public async Task Run([ServiceBusTrigger("jobs")] ServiceBusReceivedMessage msg, CancellationToken ct)
        {
            Started.Signal();
            try
            {
                await Task.Delay(Timeout.Infinite, ct);
            }
            catch (OperationCanceledException)
            {
                Cancelled.SetResult();
                throw;
            }
        }
    }
}
