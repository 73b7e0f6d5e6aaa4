using Hexabase.Domain.Jobs;
using Hexabase.Worker;

namespace Hexabase.Functions.Jobs;

public sealed class ResendStuckJobsTrigger(ResendStuckJobsHandler handler)
{
    /// <summary>Every minute: sends overdue runs and sweeps to the queue again.</summary>
    [Function("ResendStuckJobs")]
    public Task Run([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
