using Hexabase.Local.Functions;

namespace Hexabase.Local;

/// <summary>Runs the platform for a person at a console.</summary>
public static class Foreground
{
    /// <summary>Runs until <paramref name="stop"/>; the answer is the exit code, and what went wrong is one line on the error output.</summary>
    public static async Task<int> Run(LocalOptions options, PlatformConsole console, CancellationToken stop)
    {
        try
        {
            await using var platform = await LocalPlatform.Start(options, console, TimeProvider.System, stop);
            var functions = platform.Services.GetRequiredService<IFunctionApp>().Functions;
            console.Say($"function app  {options.AppFolder} ({functions.Count} functions)");
            console.Say($"data          {platform.DataFolder}");
            if (platform.Cosmos is { } cosmos)
                console.Say($"documents     Cosmos DB emulator at {cosmos} (they go with it: nothing is kept)");
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, platform.Failed);
            await platform.WhenUp(ending.Token);
            console.Say($"everything up at {platform.Address.GetLeftPart(UriPartial.Authority)} (Ctrl-C stops it)");
            await Task.Delay(Timeout.InfiniteTimeSpan, ending.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            console.Say("stopped");
            return 0;
        }
        catch (OperationCanceledException)
        {
            console.Warn("A part of the platform failed; what it said is above.");
        }
        catch (CannotStartException e)
        {
            console.Warn(e.Message);
        }
        return 1;
    }
}
