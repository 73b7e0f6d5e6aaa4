using Hexabase.Domain;
using Hexabase.Domain.Strategies;

namespace Hexabase.Functions.Strategies;

/// <summary>
/// Writes the built-in catalog in the background after start, and tries again until the stores are there. That they come up a little
/// later than this app is usual; it warns when they take longer than <see cref="Patience"/>.
/// </summary>
public sealed partial class SeedCatalogService(SeedCatalog catalog, TimeProvider clock, ILogger<SeedCatalogService> log) : BackgroundService
{
    /// <summary>How long stores may take to come up without a warning.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = clock.GetTimestamp();
        for (var wait = FirstWait; !await TrySeed(started, wait, stoppingToken); wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            await Task.Delay(wait, clock, stoppingToken);
    }

    private async Task<bool> TrySeed(long serviceStarted, TimeSpan wait, CancellationToken ct)
    {
        try
        {
            var started = clock.GetTimestamp();
            if (await catalog.Write(ct))
                LogSeeded(clock.GetElapsedTime(started).TotalMilliseconds);
            return true;
        }
        catch (DependencyUnavailableException) when (clock.GetElapsedTime(serviceStarted) < Patience)
        {
            LogNotYet(wait.TotalSeconds);
            return false;
        }
#pragma warning disable CA1031 // Whatever the stores throw while they start up, the next try may find them ready.
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotSeeded(e, wait.TotalSeconds);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Wrote the built-in datasets and templates in {Milliseconds:F0} ms.")]
    private partial void LogSeeded(double milliseconds);

    [LoggerMessage(LogLevel.Information, "The stores are not up yet; the built-in catalog waits {Seconds} s.")]
    private partial void LogNotYet(double seconds);

    [LoggerMessage(LogLevel.Warning, "The built-in catalog could not be written. Trying again in {Seconds} s.")]
    private partial void LogNotSeeded(Exception e, double seconds);
}
