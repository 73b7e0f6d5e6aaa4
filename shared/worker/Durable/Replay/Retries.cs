namespace Hexabase.Worker.Durable.Replay;

/// <summary>What follows from a <see cref="RetryPolicy"/>.</summary>
internal static class Retries
{
    /// <summary>How long to wait before the next try; null when there is none.</summary>
    /// <param name="policy">Null for no other try.</param>
    /// <param name="failures">How many tries have failed, the last one included.</param>
    /// <param name="last">How the last one failed.</param>
    /// <param name="sinceFirst">Orchestration time that has passed since the first try began.</param>
    public static TimeSpan? DelayAfter(RetryPolicy? policy, int failures, TaskFailureDetails last, TimeSpan sinceFirst)
    {
        if (policy is null || last.IsNonRetriable || failures >= policy.MaxNumberOfAttempts)
            return null;
        var delay = Delay(policy, failures - 1);
        if (policy.RetryTimeout is { } timeout && delay >= timeout - sinceFirst)
            return null;
        return policy.HandleFailure is null || policy.HandleFailure(last) ? delay : null;
    }

    private static TimeSpan Delay(RetryPolicy policy, int retry)
    {
        var longest = policy.MaxRetryInterval ?? TimeSpan.MaxValue;
        var ticks = policy.FirstRetryInterval.Ticks * Math.Pow(policy.BackoffCoefficient, retry);
        return ticks < longest.Ticks ? new((long)ticks) : longest;
    }
}
