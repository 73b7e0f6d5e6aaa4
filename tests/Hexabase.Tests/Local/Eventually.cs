using System.Diagnostics;

namespace Hexabase.Tests.Local;

internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Looks until it holds; fails after half a minute.</summary>
    public static Task Holds(Func<bool> condition, string what) => Holds(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="Holds(Func{bool}, string)"/>
    public static Task Holds(Func<Task<bool>> condition, string what) => Holds(condition, () => what);

    /// <inheritdoc cref="Holds(Func{bool}, string)"/>
    /// <param name="what">Asked for when time is up, so that it can tell what there was by then.</param>
    public static async Task Holds(Func<Task<bool>> condition, Func<string> what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) >= Deadline)
                Assert.Fail($"{what()}: not within {Deadline.TotalSeconds} s");
            await Task.Delay(10);
        }
    }
}
