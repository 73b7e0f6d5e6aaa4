namespace Hexabase.Domain.Billing;

/// <summary>
/// What an account may still run: the hot document of the run path, <see cref="DocumentId"/> in the account's partition.
/// </summary>
/// <param name="Plan">The plan in force.</param>
/// <param name="SpeedPack">Every run goes to the priority lane.</param>
/// <param name="CreditBalance">Purchased runs left; negative after a refund of spent ones.</param>
/// <param name="ComputeDay">The UTC day <paramref name="ComputeLeft"/> belongs to.</param>
/// <param name="ComputeLeft">Daily runs left on that day.</param>
/// <param name="BillingPeriodStart">Elite's usage month turns on this day of the month.</param>
/// <param name="UsageMonthStart">First day of the usage month <paramref name="IncludedMonthly"/> belongs to.</param>
/// <param name="IncludedMonthly">Runs of that usage month, beyond the included ones too.</param>
/// <param name="Minute">The minute <paramref name="RunsThisMinute"/> belongs to, Unix minutes.</param>
/// <param name="RunsThisMinute">Runs accepted in that minute.</param>
/// <param name="RunsPerMinute">An operator's limit for this account instead of the plan's.</param>
public sealed record Quota(
    PlanName Plan,
    bool SpeedPack,
    long CreditBalance,
    DateOnly ComputeDay,
    int ComputeLeft,
    DateOnly BillingPeriodStart,
    DateOnly UsageMonthStart,
    int IncludedMonthly,
    long Minute = 0,
    int RunsThisMinute = 0,
    int? RunsPerMinute = null)
{
    public const string DocumentId = "quota";

    /// <summary>The quota of an account that has just signed up, on plan free.</summary>
    public static Quota ForNewAccount(Plans plans, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new Quota(PlanName.Free, SpeedPack: false, CreditBalance: 0, today, plans[PlanName.Free].DailyRuns ?? 0, today, today, IncludedMonthly: 0);
    }
}
