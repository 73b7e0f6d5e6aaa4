using Azure;
using Azure.Core;

namespace Hexabase.Adapters.ServiceBus;

/// <summary>
/// How long to wait before sending again: exponential with jitter; ten seconds when the service is throttling and does not say how
/// long (what it says wins).
/// </summary>
internal sealed class ServiceBusRetry() : DelayStrategy(maxDelay: TimeSpan.FromMinutes(1), jitterFactor: Jitter)
{
    public const int MaxRetries = 3;

    private const double Jitter = 0.3;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhenThrottled = TimeSpan.FromSeconds(10);

    /// <summary>408, 429 and what is wrong on the other side pass by themselves; so may a lost answer.</summary>
    public static bool IsTransient(int status) => status is 408 or 429 or >= 500;

    protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) =>
        response?.Status == 429 ? WhenThrottled : First * Math.Pow(3, retryNumber - 1);
}
