using System.Collections.Concurrent;

namespace Hexabase.Tests.Durable;

/// <summary>A clock whose every wait is over at once; it remembers how long each should have been.</summary>
internal sealed class ImpatientTimeProvider : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> waits = new();

    public IReadOnlyList<TimeSpan> Waits => [.. waits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
