namespace Hexabase.Domain;

/// <summary>
/// At most so many of something within any minute for one key. Counted in this process's memory, which holds a bounded number of keys:
/// while all are busy, new ones wait too. Safe to use from many threads.
/// </summary>
/// <param name="perMinute">Most within any minute.</param>
/// <param name="mostKeys">Keys remembered at once.</param>
public abstract class RateLimit(int perMinute, TimeProvider clock, int mostKeys)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How often idle keys are looked for once there is no room, since that walks through all of them.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> taken = new(StringComparer.Ordinal);
    private DateTimeOffset nextLook;

    /// <summary>Null when one more is fine, and counted; else how long to wait.</summary>
    public TimeSpan? TryTake(string key)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (!taken.TryGetValue(key, out var times))
            {
                if (taken.Count >= mostKeys && now >= nextLook)
                    ForgetIdle(now);
                if (taken.Count >= mostKeys)
                    return Window;
                taken.Add(key, times = new Queue<DateTimeOffset>(perMinute));
            }
            while (times.TryPeek(out var oldest) && now - oldest >= Window)
                times.Dequeue();
            if (times.Count >= perMinute)
                return times.Peek() + Window - now;
            times.Enqueue(now);
            return null;
        }
    }

    private void ForgetIdle(DateTimeOffset now)
    {
        nextLook = now + BetweenLooks;
        foreach (var (key, times) in taken)
        {
            if (times.All(t => now - t >= Window))
                taken.Remove(key);
        }
    }
}
