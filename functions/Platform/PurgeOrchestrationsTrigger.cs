using Hexabase.Worker;
using Hexabase.Worker.Durable;

namespace Hexabase.Functions.Platform;

public sealed class PurgeOrchestrationsTrigger(DurableTaskClient orchestrations, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Every night: deletes finished orchestrations that were started 30 days ago. What they did stands in the change log.</summary>
    [Function("PurgeOrchestrations")]
    public Task Run([TimerTrigger("0 40 3 * * *")] TimerInfo timer, CancellationToken ct) =>
        orchestrations.PurgeAllInstancesAsync(clock.GetUtcNow() - Kept, ct);
}
