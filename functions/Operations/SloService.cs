using Hexabase.Domain.Operations;

namespace Hexabase.Functions.Operations;

/// <summary>Counts the events of the objectives, and writes them down once a minute and at the end.</summary>
public sealed partial class SloService(SloCounts counts, SloBook book, TimeProvider clock, ILogger<SloService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LastWriteWithin = TimeSpan.FromSeconds(1.5);

    /// <summary>Before requests are taken, so that none is missed.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        counts.Listen();
        return base.StartAsync(cancellationToken);
    }

    /// <summary>After the last request was answered: whatever is registered later stops earlier.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(LastWriteWithin);
        await TryWrite(patience.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Instances that start together do not write together.
        await Task.Delay(Interval * Random.Shared.NextDouble(), clock, stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
            await TryWrite(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryWrite(CancellationToken ct)
    {
        try
        {
            await book.Write(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested && ExecuteTask is { IsCompleted: false })
        {
            // The app stops, and the last write follows.
        }
#pragma warning disable CA1031 // It is in the log, and the counts stay for the next time; the app must neither end nor fail to end by it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogNotWritten(e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What was counted for the objectives could not be written now.")]
    private partial void LogNotWritten(Exception e);
}
