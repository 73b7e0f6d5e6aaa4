namespace Hexabase.Worker.Durable;

/// <summary>
/// When a failed activity or sub-orchestration is tried again: after <c>min(first · coefficient^n, max)</c> of orchestration time for
/// the n-th failure counted from 0. A failure that says it cannot be retried never is.
/// </summary>
public sealed class RetryPolicy
{
    /// <param name="maxNumberOfAttempts">All tries together, at least 1.</param>
    /// <param name="firstRetryInterval">Wait before the second try, above zero.</param>
    /// <param name="backoffCoefficient">At least 1.</param>
    /// <param name="maxRetryInterval">Longest wait; null for none. Not below the first.</param>
    /// <param name="retryTimeout">No new try begins so long after the first one began; null for no such limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside these limits.</exception>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        if (!(backoffCoefficient >= 1) || double.IsInfinity(backoffCoefficient))
            throw new ArgumentOutOfRangeException(nameof(backoffCoefficient), backoffCoefficient, "It must be at least 1.");
        if (maxRetryInterval < firstRetryInterval)
            throw new ArgumentOutOfRangeException(nameof(maxRetryInterval), maxRetryInterval, "It must not be below the first interval.");
        if (retryTimeout <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(retryTimeout), retryTimeout, "It must be above zero.");
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval;
        RetryTimeout = retryTimeout;
    }

    public int MaxNumberOfAttempts { get; }

    public TimeSpan FirstRetryInterval { get; }

    public double BackoffCoefficient { get; }

    public TimeSpan? MaxRetryInterval { get; }

    public TimeSpan? RetryTimeout { get; }

    /// <summary>Says whether a failure is worth another try; null for every one. It must decide the same at every replay.</summary>
    public Func<TaskFailureDetails, bool>? HandleFailure { get; init; }
}
