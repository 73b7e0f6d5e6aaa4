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
    private const int Kills = 6;

    /// <summary>Long enough that every kill comes in the middle of it.</summary>
    private static readonly Script Script = new(
        [.. Enumerable.Range(0, 60).Select(i => i % 20 == 19 ? (Step)new Step.Timer(TimeSpan.FromMilliseconds(5)) : new Step.Activities(["Echo", "Echo"]))]);

    [Fact]
    public async Task Killed_again_and_again_it_brings_every_orchestration_to_its_end()
    {
        var folder = new TemporaryFolder();
        var random = new Random(20261120);
        for (var kill = 0; kill < Kills; kill++)
            await RunAndKill(folder.Path, after: TimeSpan.FromMilliseconds(random.Next(5, 120)));

        await using var host = await EngineHost.Start(new ScriptedApp(Script).App, folder);
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

    /// <summary>The process that is killed: begins what is not there yet, and goes on with the rest.</summary>
    public static async Task<int> RunUntilKilled(string folder)
    {
        await using var host = await EngineHost.Start(new ScriptedApp(Script).App, new TemporaryFolder(folder));
        for (var i = 0; i < Orchestrations; i++)
        {
            if (host.Instances.Find(Id(i)) is null)
                await host.Start(Id(i), "Scripted");
        }
        Console.WriteLine("up");
        await Task.Delay(Timeout.InfiniteTimeSpan);
        return 0;
    }

    private static string Id(int i) => string.Create(CultureInfo.InvariantCulture, $"o{i}");

    private static async Task RunAndKill(string folder, TimeSpan after)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(EngineKillTests).Assembly.Location, Command, folder])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("up", await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)));
            await Task.Delay(after);
        }
        finally
        {
            process.Kill();
        }
        await process.WaitForExitAsync();
    }
}
