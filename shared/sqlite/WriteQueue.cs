namespace Hexabase.Sqlite;

/// <summary>
/// Writes on their way to the one writer. The writer sleeps on a monitor, which does not spin: on few cores spinning takes the time
/// that callers need to bring the next writes.
/// </summary>
internal sealed class WriteQueue
{
    private readonly object gate = new();
    private readonly Queue<PendingWrite> waiting = new();
    private bool closed;

    /// <summary>False when closed.</summary>
    public bool TryAdd(PendingWrite write)
    {
        lock (gate)
        {
            if (closed)
                return false;
            waiting.Enqueue(write);
            if (waiting.Count == 1)
                Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>Waits for a write, then moves what is there, up to <paramref name="most"/>, to <paramref name="group"/>. False when closed and empty.</summary>
    public bool Take(List<PendingWrite> group, int most)
    {
        lock (gate)
        {
            while (waiting.Count == 0)
            {
                if (closed)
                    return false;
                Monitor.Wait(gate);
            }
            while (group.Count < most && waiting.TryDequeue(out var next))
                group.Add(next);
            return true;
        }
    }

    /// <summary>Takes no more; what is waiting is still handed out.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }
}
