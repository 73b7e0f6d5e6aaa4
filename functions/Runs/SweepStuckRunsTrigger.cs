using Hexabase.Domain.Runs;
using Hexabase.Worker;

namespace Hexabase.Functions.Runs;

public sealed class SweepStuckRunsTrigger(SweepStuckRunsHandler handler)
{
    /// <summary>Every minute: sends overdue runs and sweeps to the queue again.</summary>
    [Function("SweepStuckRuns")]
    public Task Run([TimerTrigger("15 * * * * *")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
