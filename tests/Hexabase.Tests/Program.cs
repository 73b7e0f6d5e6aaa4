using System.Globalization;
using Hexabase.Tests.Durable;
using Hexabase.Tests.Stores;

namespace Hexabase.Tests;

/// <summary>What this assembly does when a test starts it as a process of its own, to be killed.</summary>
internal static class Program
{
    internal static Task<int> Main(string[] args) => args switch
    {
        [SqliteCrashTests.Command, var path] => SqliteCrashTests.CommitUntilKilled(path),
        [DurableApp.Command] => DurableApp.Run(),
        [EngineKillTests.Command, var folder, var call] => EngineKillTests.RunUntilKilled(folder, int.Parse(call, CultureInfo.InvariantCulture)),
        _ => Task.FromResult(2),
    };
}
