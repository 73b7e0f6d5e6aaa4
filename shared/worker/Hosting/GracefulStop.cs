using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// How an app ends that a signal told to stop, or that lost its host. First it goes on for <see cref="LastCalls"/>, while its health check
/// may say no and each answer closes its connection: who heeds either is not there any more when the port is closed. Then what is in flight
/// has <see cref="MostDrainTime"/> to end, and is cut off: nobody waits for an app much longer after telling it to stop.
/// </summary>
/// <remarks>A host that stops kills the app instead; what then gets no answer is delivered again.</remarks>
internal sealed class GracefulStop(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public static readonly TimeSpan LastCalls = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan MostDrainTime = TimeSpan.FromSeconds(5);

    public Task Invoke(HttpContext context)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            context.Response.Headers.Connection = "close";
        return next(context);
    }

    /// <summary>Runs the app to its end.</summary>
    public static async Task Run(WebApplication app)
    {
        await using var disposed = app;
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = app.Lifetime.ApplicationStopping.Register(stop.SetResult);
        await app.StartAsync();
        await stop.Task;
        await Task.Delay(LastCalls);
        await app.StopAsync();
    }
}
