using Hexabase.Domain.Runs;
using Hexabase.Worker;

namespace Hexabase.Functions.Runs;

public sealed class SweepOutboxTrigger(SweepOutboxHandler handler)
{
    /// <summary>Twice a minute: sends what a crash left in the outbox.</summary>
    [Function("SweepOutbox")]
    public Task Run([TimerTrigger("*/30 * * * * *")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
