namespace Hexabase.Domain.Workspaces;

/// <summary>How a dedicated node is waited for.</summary>
/// <param name="Attempts">Tries before it is support's.</param>
/// <param name="FirstDelay">After the first failed try.</param>
/// <param name="Backoff">What each further wait is multiplied by.</param>
/// <param name="LongestDelay">Waits grow up to this.</param>
/// <param name="ReadyWithin">A try that takes longer has failed.</param>
/// <param name="Poll">How often it is looked at.</param>
public sealed record NodeOptions(
    int Attempts, TimeSpan FirstDelay, double Backoff, TimeSpan LongestDelay, TimeSpan ReadyWithin, TimeSpan Poll)
{
    public static NodeOptions Default { get; } = new(
        Attempts: 5,
        FirstDelay: TimeSpan.FromMinutes(1),
        Backoff: 2,
        LongestDelay: TimeSpan.FromMinutes(30),
        ReadyWithin: TimeSpan.FromMinutes(20),
        Poll: TimeSpan.FromSeconds(5));

    /// <summary>How long to wait after so many failed tries, at least 1.</summary>
    public TimeSpan DelayAfter(int failed)
    {
        // As numbers, which may be larger than any time.
        var seconds = FirstDelay.TotalSeconds * Math.Pow(Backoff, failed - 1);
        return seconds < LongestDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestDelay;
    }
}
