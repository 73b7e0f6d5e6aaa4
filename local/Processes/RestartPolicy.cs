namespace Hexabase.Local.Processes;

/// <summary>
/// How long to wait before a process that ended by itself is started again: 0.1 s, doubled each time up to 5 s, and from the
/// beginning after it ran for 30 s. It never gives up; Azure would after three crashes within half an hour of each other.
/// </summary>
public sealed class RestartPolicy
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan CrashesBelongTogether = TimeSpan.FromMinutes(30);
    public const int CrashesThatStopAzure = 3;

    private TimeSpan next = FirstDelay;
    private DateTimeOffset lastCrash = DateTimeOffset.MinValue;

    /// <summary>Crashes so far with at most half an hour between neighbours.</summary>
    public int Crashes { get; private set; }

    /// <summary>Counts a crash; the answer is how long to wait.</summary>
    /// <param name="now">When it crashed.</param>
    /// <param name="ranFor">Since it was last started.</param>
    public TimeSpan AfterCrash(DateTimeOffset now, TimeSpan ranFor)
    {
        Crashes = now - lastCrash <= CrashesBelongTogether ? Crashes + 1 : 1;
        lastCrash = now;
        var delay = ranFor >= Healthy ? FirstDelay : next;
        next = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        return delay;
    }
}
