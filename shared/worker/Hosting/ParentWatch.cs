using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Worker.Hosting;

/// <summary>
/// Stops the app when its parent process is gone. A host that is killed leaves the app running as an orphan, which would hold
/// on to memory and go on working on messages that are redelivered elsewhere. Does nothing on Windows.
/// </summary>
internal sealed partial class ParentWatch(ParentProcess parent, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<ParentWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (!parent.IsGone)
            if (!await timer.WaitForNextTickAsync(stoppingToken))
                return;
        HostIsGone(parent.Id);
        lifetime.StopApplication();
    }

    [LoggerMessage(1, LogLevel.Warning, "The host (process {Host}) is gone; the app ends.")]
    private partial void HostIsGone(int host);
}
