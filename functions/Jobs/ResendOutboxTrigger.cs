using Hexabase.Domain.Jobs;
using Hexabase.Worker;

namespace Hexabase.Functions.Jobs;

public sealed class ResendOutboxTrigger(ResendOutboxHandler handler)
{
    /// <summary>Twice a minute: sends what a crash left in the outbox.</summary>
    [Function("ResendOutbox")]
    public Task Run([TimerTrigger("*/30 * * * * *")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
