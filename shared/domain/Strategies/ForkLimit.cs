using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Strategies;

/// <summary>
/// At most so many forks within any minute from one client address. Counted in this process's memory, which holds a bounded number
/// of addresses: while all are busy, new ones wait too.
/// </summary>
/// <param name="mostAddresses">Addresses remembered at once.</param>
public sealed class ForkLimit(Plans plans, TimeProvider clock, int mostAddresses = 50_000)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>How often idle addresses are looked for once there is no room, since that walks through all of them.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> forks = new(StringComparer.Ordinal);
    private DateTimeOffset nextLook;

    /// <summary>Null when one more is fine, and counted; else how long to wait.</summary>
    public TimeSpan? TryTake(string clientAddress)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (!forks.TryGetValue(clientAddress, out var times))
            {
                if (forks.Count >= mostAddresses && now >= nextLook)
                    ForgetIdle(now);
                if (forks.Count >= mostAddresses)
                    return Window;
                forks.Add(clientAddress, times = new Queue<DateTimeOffset>(plans.ForksPerMinutePerAddress));
            }
            while (times.TryPeek(out var oldest) && now - oldest >= Window)
                times.Dequeue();
            if (times.Count >= plans.ForksPerMinutePerAddress)
                return times.Peek() + Window - now;
            times.Enqueue(now);
            return null;
        }
    }

    private void ForgetIdle(DateTimeOffset now)
    {
        nextLook = now + BetweenLooks;
        foreach (var (address, times) in forks)
        {
            if (times.All(t => now - t >= Window))
                forks.Remove(address);
        }
    }
}
