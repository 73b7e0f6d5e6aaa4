using Hexabase.Domain.Billing;
using Hexabase.Worker;

namespace Hexabase.Functions.Billing;

public sealed class ResetMonthlyIncludedTrigger(TurnQuotasHandler handler)
{
    /// <summary>Ten past every hour: closes the usage months that ended, and turns whatever quotas an earlier run did not get to.</summary>
    [Function("ResetMonthlyIncluded")]
    public Task Run([TimerTrigger("0 10 * * * *")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
