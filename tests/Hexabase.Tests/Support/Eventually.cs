using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Hexabase.Tests.Support;

/// <summary>Waits for what happens elsewhere: on other threads, in other processes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc cref="Holds{T}(Func{Task{T}}, Func{T, bool}, string, TimeSpan?)"/>
    public static Task Holds(Func<bool> condition, string what, TimeSpan? within = null) =>
        Holds(condition, holds => holds, what, within);

    /// <inheritdoc cref="Holds{T}(Func{Task{T}}, Func{T, bool}, string, TimeSpan?)"/>
    public static Task Holds(Func<Task<bool>> condition, string what, TimeSpan? within = null) =>
        Holds(condition, holds => holds, what, within);

    /// <inheritdoc cref="Holds{T}(Func{Task{T}}, Func{T, bool}, string, TimeSpan?)"/>
    /// <param name="what">Asked each time, so that it can tell what there was.</param>
    public static Task Holds(Func<Task<bool>> condition, Func<string> what) =>
        Holds<string?>(async () => await condition() ? null : what(), seen => seen is null, "");

    /// <inheritdoc cref="Holds{T}(Func{Task{T}}, Func{T, bool}, string, TimeSpan?)"/>
    public static Task<T> Holds<T>(
        Func<T> look, Func<T, bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? within = null) =>
        Holds(() => Task.FromResult(look()), condition, what, within);

    /// <summary>Looks again until the condition holds; after <paramref name="within"/>, half a minute when not given, fails with what it saw last.</summary>
    /// <returns>What it saw when the condition held.</returns>
    public static async Task<T> Holds<T>(
        Func<Task<T>> look, Func<T, bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "", TimeSpan? within = null)
    {
        var deadline = within ?? Patience;
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (condition(seen))
                return seen;
            if (waited.Elapsed > deadline)
                Assert.Fail($"{what}: not so within {deadline.TotalSeconds} s; last seen: {seen}");
            await Task.Delay(Pause);
        }
    }
}
