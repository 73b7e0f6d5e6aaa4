using System.Threading.Channels;
using Hexabase.Sqlite;

namespace Hexabase.Local;

/// <summary>Does what is due when it is due. Sleeps while nothing is.</summary>
internal sealed class Alarm(TimeProvider clock)
{
    private readonly Channel<bool> rings =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>To be called when something may be due earlier than was known.</summary>
    public void Ring() => rings.Writer.TryWrite(true);

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="doDue">Returns when it is to be called again; null for not before the next <see cref="Ring"/>.</param>
    /// <param name="failed">Told when the store did not answer, which is asked again later.</param>
    public async Task Run(Func<CancellationToken, Task<DateTimeOffset?>> doDue, Action<SqliteException> failed, CancellationToken stopping)
    {
        await using var timer = clock.CreateTimer(_ => Ring(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await foreach (var _ in rings.Reader.ReadAllAsync(stopping))
        {
            try
            {
                if (await doDue(stopping) is { } next)
                    timer.Change(Delay(next), Timeout.InfiniteTimeSpan);
            }
            catch (SqliteException e)
            {
                failed(e);
                timer.Change(StoreRetry.Delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A sleeping laptop does not count time: look at the clock again after a minute.</summary>
    private TimeSpan Delay(DateTimeOffset until) =>
        TimeSpan.FromTicks(Math.Clamp((until - clock.GetUtcNow()).Ticks, 0, TimeSpan.TicksPerMinute));
}
