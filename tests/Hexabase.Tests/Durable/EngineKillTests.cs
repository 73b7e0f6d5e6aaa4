using System.Diagnostics;
using System.Globalization;
using Hexabase.Durable;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Durable;

/// <summary>The engine in a process of its own, which is killed by SIGKILL wherever it is.</summary>
public sealed class EngineKillTests
{
    public const string Command = "run-durable-engine-until-killed";

    private const int Orchestrations = 20;

    /// <summary>
    /// At which call of the app each process dies: all of them in the middle of the work, which takes some 3500 calls. Fewer than the times
    /// that an activity may be cut off.
    /// </summary>
    private static readonly int[] Kills = [3, 40, 250, 700];

    private static readonly Script Script = new([.. Enumerable.Range(0, 60)
        .Select(i => i % 20 == 19 ? (Step)new Step.Timer(TimeSpan.FromMilliseconds(5)) : new Step.Activities(["Echo", "Echo"]))]);

    [Fact]
    public async Task Killed_again_and_again_it_brings_every_orchestration_to_its_end()
    {
        var folder = new TemporaryFolder();
        foreach (var call in Kills)
            await RunUntilItDies(folder.Path, call);

        await using var host = await EngineHost.Start(new ScriptedApp(Script).App, folder);
        await BeginWhatIsMissing(host);
        for (var i = 0; i < Orchestrations; i++)
        {
            var end = await host.End(Id(i));
            Assert.Equal(OrchestrationStatus.Completed, end.Status);
            var history = host.Instances.History(end);
            EngineProperties.AssertOrderly(history);
            Assert.Equal(Script.Steps.OfType<Step.Activities>().Sum(s => s.Names.Count), history.Count(e => e.TaskCompleted is not null));
        }
        foreach (var table in new[] { "durable_messages", "durable_activities", "durable_timers" })
            Assert.Equal(0, host.Count(table));
    }

    /// <summary>The process that is killed, by itself: begins what is not there yet, and goes on with the rest.</summary>
    public static async Task<int> RunUntilKilled(string folder, int atCall)
    {
        var (app, calls) = (new ScriptedApp(Script).App, 0);
        var (turn, activity) = (app.Turn, app.Activity);
        app.Turn = (name, request, ct) =>
        {
            Count();
            return turn(name, request, ct);
        };
        app.Activity = (seen, ct) =>
        {
            Count();
            return activity(seen, ct);
        };
        await using var host = await EngineHost.Start(app, new TemporaryFolder(folder));
        await BeginWhatIsMissing(host);
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;

        void Count()
        {
            if (Interlocked.Increment(ref calls) != atCall)
                return;
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
    }

    private static async Task BeginWhatIsMissing(EngineHost host)
    {
        for (var i = 0; i < Orchestrations; i++)
        {
            if (host.Instances.Find(Id(i)) is null)
                await host.Start(Id(i), "Scripted");
        }
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"o{i}");

    private static async Task RunUntilItDies(string folder, int atCall)
    {
        string[] arguments = [typeof(EngineKillTests).Assembly.Location, Command, folder, atCall.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false })!;
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            process.Kill();
        }
        Assert.NotEqual(0, process.ExitCode);
    }
}
