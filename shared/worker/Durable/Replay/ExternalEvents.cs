using Hexabase.Durable;

namespace Hexabase.Worker.Durable.Replay;

/// <summary>Events raised at an orchestration: those that nobody has waited for yet, and who waits. Names are compared without case.</summary>
internal sealed class ExternalEvents
{
    private readonly Dictionary<string, Queue<(int Order, HistoryEvent Event)>> unread = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<TaskCompletionSource<string?>>> waiters = new(StringComparer.OrdinalIgnoreCase);
    private int arrived;

    public bool IsAwaited => waiters.Count > 0;

    /// <summary>In the order of their arrival.</summary>
    public IEnumerable<HistoryEvent> Unread => unread.Values.SelectMany(queue => queue).OrderBy(e => e.Order).Select(e => e.Event);

    /// <summary>Gives an event to the newest that waits for it, or keeps it.</summary>
    public void Raise(HistoryEvent raised)
    {
        var name = raised.EventRaised.Name;
        if (waiters.TryGetValue(name, out var waiting))
        {
            var newest = waiting[^1];
            Withdraw(name, newest);
            newest.SetResult(raised.EventRaised.Input);
            return;
        }
        if (!unread.TryGetValue(name, out var queue))
            unread.Add(name, queue = new());
        queue.Enqueue((arrived++, raised));
    }

    /// <summary>The payload of the oldest unread event of a name.</summary>
    public bool TryRead(string name, out string? payload)
    {
        var found = unread.TryGetValue(name, out var queue) && queue.Count > 0;
        payload = found ? queue!.Dequeue().Event.EventRaised.Input : null;
        return found;
    }

    public TaskCompletionSource<string?> Await(string name)
    {
        if (!waiters.TryGetValue(name, out var waiting))
            waiters.Add(name, waiting = []);
        var waiter = new TaskCompletionSource<string?>();
        waiting.Add(waiter);
        return waiter;
    }

    public void Withdraw(string name, TaskCompletionSource<string?> waiter)
    {
        if (waiters.TryGetValue(name, out var waiting) && waiting.Remove(waiter) && waiting.Count == 0)
            waiters.Remove(name);
    }

    /// <summary>Nobody reads any more: what comes from now on stays unread.</summary>
    public void Close(bool keepUnread)
    {
        waiters.Clear();
        if (!keepUnread)
            unread.Clear();
    }
}
