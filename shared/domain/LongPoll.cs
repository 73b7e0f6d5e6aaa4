using Hexabase.Domain.Documents;

namespace Hexabase.Domain;

/// <summary>Answers that wait for something to change, by looking again at growing distances.</summary>
/// <param name="stopping">Cancelled when the process begins to stop: then nobody waits on, and half a second later all are answered.</param>
public sealed class LongPoll(TimeProvider clock, CancellationToken stopping = default)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The document as soon as it is to be answered, and after <paramref name="wait"/> whatever it is then; null when there is none.
    /// </summary>
    internal async Task<Document<T>?> Read<T>(
        Func<ValueTask<Document<T>?>> read, Func<Document<T>, bool> isToBeAnswered, TimeSpan wait, CancellationToken ct)
        where T : class
    {
        var until = clock.GetUtcNow() + wait;
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 1.5 : LongestPause)
        {
            var found = await read();
            if (found is null || isToBeAnswered(found) || stopping.IsCancellationRequested || clock.GetUtcNow() + pause > until)
                return found;
            await Task.Delay(pause, clock, ct);
        }
    }
}
