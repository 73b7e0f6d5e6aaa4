using Hexabase.Domain.Documents;

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
/// <param name="UsageMonthSerial">Number of the usage month of <paramref name="IncludedMonthly"/>; grows with each that begins.</param>
/// <param name="ResetDue">When the stored numbers stop being true, ISO 8601 UTC; null while nothing was used.</param>
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
    int? RunsPerMinute = null,
    int UsageMonthSerial = 0,
    string? ResetDue = null)
{
    public const string DocumentId = "quota";

    /// <summary>The quota of an account that has just signed up, on plan free.</summary>
    public static Quota ForNewAccount(Plans plans, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new Quota(
            PlanName.Free, SpeedPack: false, CreditBalance: 0, today, plans[PlanName.Free].DailyRuns ?? 0, today, today, 0);
    }

    /// <summary>
    /// The quota as it is at <paramref name="now"/>: the day turns at 00:00 UTC, elite's usage month on the day of
    /// <see cref="BillingPeriodStart"/> (product rule 3). A clock that went back changes nothing.
    /// </summary>
    /// <returns>The quota, and the usage month that ended if one with runs did.</returns>
    public (Quota Quota, UsageMonth? Closed) At(Plans plans, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var plan = plans[Plan];
        var quota = this;
        if (today > ComputeDay)
        {
            quota = plan.DailyRuns is { } daily
                ? quota with { ComputeDay = today, ComputeLeft = daily, ResetDue = null }
                : quota with { ComputeDay = today, ComputeLeft = 0 };
        }
        var month = UsageMonth.StartFor(BillingPeriodStart, today);
        if (plan.IncludedMonthly is null || month <= UsageMonthStart)
            return (quota, null);
        return (quota.BeginUsageMonth(month) with { ResetDue = null }, CloseUsageMonth(plan));
    }

    /// <summary>When the numbers of <paramref name="plan"/> turn next after <paramref name="now"/>.</summary>
    public DateTimeOffset NextReset(Plan plan, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var next = plan.IncludedMonthly is null ? today.AddDays(1) : UsageMonth.NextStart(BillingPeriodStart, today);
        return new DateTimeOffset(next, TimeOnly.MinValue, TimeSpan.Zero);
    }

    /// <summary>
    /// The quota after a change of plan: what was used today stays used; the running usage month of elite ends, and a new one begins.
    /// </summary>
    /// <returns>The quota, and the usage month that ended if one with runs did.</returns>
    public (Quota Quota, UsageMonth? Closed) ChangePlan(Plans plans, PlanName to, DateTimeOffset now)
    {
        if (to == Plan)
            return (this, null);
        var (quota, closed) = At(plans, now);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var daily = plans[to].DailyRuns ?? 0;
        var left = Math.Max(0, daily + quota.DailyBalance(plans));
        var changed = quota.BeginUsageMonth(today) with
        {
            Plan = to,
            ComputeDay = today,
            ComputeLeft = left,
            BillingPeriodStart = today,
            ResetDue = null,
        };
        return (
            left == daily ? changed : changed with { ResetDue = IndexedTime.Of(changed.NextReset(plans[to], now)) },
            closed ?? quota.CloseUsageMonth(plans[Plan]));
    }

    /// <summary>The day's runs that were given less those that were used: what the day's ledger entries add up to.</summary>
    public int DailyBalance(Plans plans) => ComputeLeft - (plans[Plan].DailyRuns ?? 0);

    private UsageMonth? CloseUsageMonth(Plan plan) =>
        IncludedMonthly > 0 ? new UsageMonth(UsageMonthSerial, UsageMonthStart, IncludedMonthly, plan.IncludedMonthly ?? 0) : null;

    private Quota BeginUsageMonth(DateOnly start) =>
        this with { UsageMonthSerial = UsageMonthSerial + 1, UsageMonthStart = start, IncludedMonthly = 0 };
}
