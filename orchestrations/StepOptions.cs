using Hexabase.Domain.Workspaces;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>How steps are called.</summary>
internal static class StepOptions
{
    /// <summary>For what must come before the configured values are known.</summary>
    public static TaskOptions First { get; } = StepRetry.Default.ToOptions();

    public static TaskOptions ToOptions(this StepRetry retry) =>
        new(new RetryPolicy(int.MaxValue, retry.First, backoffCoefficient: 2, retry.Longest, retry.For));
}
