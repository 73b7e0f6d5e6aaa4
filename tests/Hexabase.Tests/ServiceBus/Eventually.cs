namespace Hexabase.Tests.ServiceBus;

/// <summary>Waits for what happens on other threads.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="Holds{T}(Func{Task{T}}, Func{T, bool})"/>
    public static Task<T> Holds<T>(Func<T> look, Func<T, bool> condition) => Holds(() => Task.FromResult(look()), condition);

    /// <summary>Looks again until the condition holds; fails with what it saw last.</summary>
    public static async Task<T> Holds<T>(Func<Task<T>> look, Func<T, bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (condition(seen))
                return seen;
            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
                Assert.Fail($"Not so within {Deadline.TotalSeconds} s; last seen: {seen}");
            await Task.Delay(5);
        }
    }
}
