namespace Hexabase.Domain.Workspaces.Migration;

/// <summary>How an app is moved, see <see cref="MoveRule"/>.</summary>
/// <param name="Poll">How often it is looked at.</param>
/// <param name="HealthyWithin">A phase of the move that takes longer has failed; time in which it was paused does not count.</param>
/// <param name="SlowFactor">An answer is slow that takes so many times as long as before the move …</param>
/// <param name="SlowAtLeast">… and longer than this.</param>
/// <param name="LongestPause">An app that stays slow for longer goes back.</param>
/// <param name="Attempts">Tries before it is support's.</param>
/// <param name="RetryAfter">Between two tries.</param>
public sealed record MigrationOptions(
    TimeSpan Poll, TimeSpan HealthyWithin, double SlowFactor, TimeSpan SlowAtLeast, TimeSpan LongestPause, int Attempts, TimeSpan RetryAfter)
{
    public static MigrationOptions Default { get; } = new(
        Poll: TimeSpan.FromSeconds(2),
        HealthyWithin: TimeSpan.FromMinutes(10),
        SlowFactor: 3,
        SlowAtLeast: TimeSpan.FromMilliseconds(500),
        LongestPause: TimeSpan.FromMinutes(15),
        Attempts: 2,
        RetryAfter: TimeSpan.FromMinutes(5));
}
