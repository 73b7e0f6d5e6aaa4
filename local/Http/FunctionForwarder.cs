using System.Net;
using Hexabase.Local.Functions;
using Yarp.ReverseProxy.Forwarder;

namespace Hexabase.Local.Http;

/// <summary>
/// Passes a request to the app and its answer back, both bodies streaming. While the app starts or restarts a request waits up to
/// <see cref="LongestWait"/>; one that could not connect has not been seen by the app and is tried again, any other failure is answered.
/// </summary>
internal sealed class FunctionForwarder(IHttpForwarder forwarder, FunctionAppProcess app, HttpMessageInvoker http, TimeProvider clock)
{
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private const string RetryAfterSeconds = "5";
    private static readonly TimeSpan BetweenConnects = TimeSpan.FromMilliseconds(25);
    private static readonly AppRequest Request = new();
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = TimeSpan.FromSeconds(240), // as the Functions host's proxying
    };

    public async Task Forward(HttpContext context)
    {
        long? waitingSince = null;
        while (await EndpointWithin(LongestWait - Since(waitingSince), context.RequestAborted) is { } endpoint)
        {
            var outcome = await forwarder.SendAsync(context, endpoint.AbsoluteUri, http, Config, Request);
            if (outcome == ForwarderError.None)
                return;
            if (!CouldNotConnect(context, outcome))
            {
                await app.Suspect(endpoint, context.RequestAborted);
                await AnswerFailure(context, outcome);
                return;
            }
            context.Response.StatusCode = StatusCodes.Status200OK; // as before the attempt
            waitingSince ??= clock.GetTimestamp();
            await Task.Delay(BetweenConnects, clock, context.RequestAborted);
        }
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        await PlatformProblem.Write(context, StatusCodes.Status503ServiceUnavailable, "APP_UNAVAILABLE", "The function app is not running.");
    }

    private TimeSpan Since(long? timestamp) => timestamp is { } start ? clock.GetElapsedTime(start) : TimeSpan.Zero;

    /// <summary>Null when the app does not come up in time, or has ended for good.</summary>
    private async ValueTask<Uri?> EndpointWithin(TimeSpan wait, CancellationToken aborted)
    {
        var ready = app.WhenReady(aborted);
        if (ready.IsCompletedSuccessfully)
            return await ready;
        try
        {
            return await ready.AsTask().WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, clock, aborted);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static bool CouldNotConnect(HttpContext context, ForwarderError outcome) =>
        outcome == ForwarderError.Request
        && !context.Response.HasStarted
        && context.GetForwarderErrorFeature()?.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    private static Task AnswerFailure(HttpContext context, ForwarderError outcome) => context switch
    {
        { Response.HasStarted: true } or { RequestAborted.IsCancellationRequested: true } => Task.CompletedTask,
        { Response.StatusCode: StatusCodes.Status504GatewayTimeout } =>
            PlatformProblem.Write(context, StatusCodes.Status504GatewayTimeout, "APP_TIMEOUT", "The function app did not answer in time."),
        { Response.StatusCode: StatusCodes.Status502BadGateway } =>
            PlatformProblem.Write(context, StatusCodes.Status502BadGateway, "APP_FAILED", $"The function app broke the connection ({outcome})."),
        _ => Task.CompletedTask, // the client's own fault, such as a body cut short: the status says so
    };
}
