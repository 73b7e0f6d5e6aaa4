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
    string? ResetDue = null)
{
    public const string DocumentId = "quota";

    /// <summary>The quota of an account that has just signed up, on plan free.</summary>
    public static Quota ForNewAccount(Plans plans, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        return new Quota(PlanName.Free, SpeedPack: false, CreditBalance: 0, today, plans[PlanName.Free].DailyRuns ?? 0, today, today, IncludedMonthly: 0);
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
        if (plan.DailyRuns is { } daily && today > ComputeDay)
            quota = quota with { ComputeDay = today, ComputeLeft = daily, ResetDue = null };
        UsageMonth? closed = null;
        if (plan.IncludedMonthly is { } included && UsageMonth.StartFor(BillingPeriodStart, today) is var month && month > UsageMonthStart)
        {
            closed = IncludedMonthly > 0 ? new UsageMonth(UsageMonthStart, IncludedMonthly, Math.Max(0, IncludedMonthly - included)) : null;
            quota = quota with { UsageMonthStart = month, IncludedMonthly = 0, ResetDue = null };
        }
        return (quota, closed);
    }

    /// <summary>When the numbers of <paramref name="plan"/> turn next after <paramref name="now"/>.</summary>
    public DateTimeOffset NextReset(Plan plan, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var next = plan.IncludedMonthly is null ? today.AddDays(1) : UsageMonth.NextStart(BillingPeriodStart, today);
        return new DateTimeOffset(next, TimeOnly.MinValue, TimeSpan.Zero);
    }

    /// <summary>The quota after a change of plan: what was used today stays used; elite starts a usage month.</summary>
    public Quota ChangePlan(Plans plans, PlanName to, DateTimeOffset now)
    {
        if (to == Plan)
            return this;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var (quota, _) = At(plans, now);
        var used = plans[Plan].DailyRuns is { } before ? before - quota.ComputeLeft : 0;
        return quota with
        {
            Plan = to,
            ComputeDay = today,
            ComputeLeft = plans[to].DailyRuns is { } after ? Math.Max(0, after - used) : 0,
            BillingPeriodStart = today,
            UsageMonthStart = today,
            IncludedMonthly = 0,
        };
    }
}

/// <summary>A usage month of plan elite that is over. Document <c>usage-month:{start}</c> in the account's partition.</summary>
/// <param name="Runs">All runs of the month.</param>
/// <param name="Overage">Those beyond the included ones, billed at product rule 4's rate.</param>
public sealed record UsageMonth(DateOnly Start, int Runs, int Overage)
{
    public string DocumentId => $"usage-month:{Start:yyyy-MM-dd}";

    /// <summary>First day of the usage month that contains <paramref name="day"/>.</summary>
    public static DateOnly StartFor(DateOnly anchor, DateOnly day)
    {
        var inThisMonth = Turn(anchor, day.Year, day.Month);
        if (inThisMonth <= day)
            return inThisMonth;
        var previous = day.AddMonths(-1);
        return Turn(anchor, previous.Year, previous.Month);
    }

    /// <summary>First day of the usage month after the one that contains <paramref name="day"/>.</summary>
    public static DateOnly NextStart(DateOnly anchor, DateOnly day)
    {
        var inThisMonth = Turn(anchor, day.Year, day.Month);
        if (inThisMonth > day)
            return inThisMonth;
        var next = new DateOnly(day.Year, day.Month, 1).AddMonths(1);
        return Turn(anchor, next.Year, next.Month);
    }

    private static DateOnly Turn(DateOnly anchor, int year, int month) =>
        new(year, month, Math.Min(anchor.Day, DateTime.DaysInMonth(year, month)));
}
