using System.Diagnostics;

namespace Hexabase.Tests.Local;

internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Looks until it holds; fails after half a minute.</summary>
    public static Task Holds(Func<bool> condition, string what) => Holds(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="Holds(Func{bool}, string)"/>
    public static async Task Holds(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Deadline, $"{what}: not within {Deadline.TotalSeconds} s");
            await Task.Delay(10);
        }
    }
}
