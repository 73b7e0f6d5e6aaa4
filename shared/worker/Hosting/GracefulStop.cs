using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// How an app ends that a signal told to stop, or that lost its host. First it takes requests for <see cref="LastCalls"/>, so that the health
/// check says no before the port is closed, and each answer closes its connection, so that none is closed under a request on its way. Then what
/// is in flight has <see cref="MostDrainTime"/> to end, and is cut off: nobody waits for an app much longer after asking it to stop.
/// A host that stops kills the app instead; what then gets no answer is delivered again.
/// </summary>
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
