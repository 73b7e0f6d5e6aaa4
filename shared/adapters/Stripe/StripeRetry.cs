namespace Hexabase.Adapters.Stripe;

/// <summary>When a call is tried again and how long after (stripe-rest.md, section 1).</summary>
internal static class StripeRetry
{
    /// <summary>After the first try.</summary>
    public const int MostRetries = 3;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    /// <summary>It passes by itself: a conflict with a call under way, a rate limit, an error of Stripe's own.</summary>
    /// <param name="code">Of the error, if any: a rate limit also comes as a 400.</param>
    public static bool IsTransient(int status, string? code) => status is 409 or 429 or >= 500 || code == "rate_limit";

    /// <param name="shouldRetry">The header <c>stripe-should-retry</c>: "false" is heeded, "true" adds nothing to what is retried.</param>
    public static bool IsWorthAnother(int status, string? code, string? shouldRetry) => IsTransient(status, code) && shouldRetry != "false";

    /// <param name="retry">Counts from 1.</param>
    /// <param name="chance">From 0 to 1, so that callers that failed together do not return together.</param>
    public static TimeSpan Delay(int retry, double chance)
    {
        var longest = Longest.TotalSeconds;
        var seconds = Math.Min(First.TotalSeconds * Math.Pow(2, retry - 1), longest) * (0.5 + (chance / 2));
        return TimeSpan.FromSeconds(Math.Max(seconds, First.TotalSeconds));
    }
}
