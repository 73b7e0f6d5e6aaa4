using Hexabase.Domain.Billing;
using Hexabase.Worker;

namespace Hexabase.Functions.Billing;

public sealed class ResetDailyQuotaTrigger(TurnQuotasHandler handler)
{
    /// <summary>At 00:00 UTC: gives the day's runs back to the accounts that used some.</summary>
    [Function("ResetDailyQuota")]
    public Task Run([TimerTrigger("0 0 0 * * *")] TimerInfo timer, CancellationToken ct) => handler.Handle(ct);
}
