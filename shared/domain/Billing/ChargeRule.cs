using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Billing;

/// <summary>Product rules 1 to 5: what pays for a run or a sweep, which lane serves it, and what is given back. No clock, no I/O.</summary>
public static class ChargeRule
{
    /// <summary>Refuses when the minute's runs are used up. A sweep counts as one.</summary>
    public static TooManyRuns? CheckRate(Plans plans, Quota quota, DateTimeOffset now)
    {
        var limit = quota.RunsPerMinute ?? plans[quota.Plan].RunsPerMinute;
        var minute = UnixMinute(now);
        return quota.Minute == minute && quota.RunsThisMinute >= limit
            ? new TooManyRuns(limit, DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60) - now)
            : null;
    }

    /// <summary>
    /// Takes so many runs, all or none, from <paramref name="stored"/>, whichever day it was stored on. Who pays any of them with a
    /// purchased credit does not wait behind those who pay nothing.
    /// </summary>
    public static Result<Admission> Decide(Plans plans, Quota stored, DateTimeOffset now, int runs = 1)
    {
        var (quota, closed) = stored.At(plans, now);
        var plan = plans[quota.Plan];
        var minute = UnixMinute(now);
        var counted = quota with
        {
            Minute = minute,
            RunsThisMinute = quota.Minute == minute ? quota.RunsThisMinute + 1 : 1,
        };
        var resetDue = IndexedTime.Of(quota.NextReset(plan, now));

        if (plan.IncludedMonthly is { } included)
        {
            var used = quota.IncludedMonthly + runs;
            var overage = Math.Clamp(used - included, 0, runs);
            return new Admission(
                counted with { IncludedMonthly = used, ResetDue = resetDue },
                Paid(Charge.Included, runs - overage, Charge.Overage, overage),
                quota.SpeedPack ? plans.SpeedPack.Lane : plan.Lane,
                closed);
        }
        var daily = Math.Min(quota.ComputeLeft, runs);
        var credits = runs - daily;
        if (credits > 0 && credits > quota.CreditBalance)
        {
            var left = quota.ComputeLeft + Math.Max(0, quota.CreditBalance);
            return new NoCredit(plans, quota.Plan, quota.NextReset(plan, now), runs, left);
        }
        return new Admission(
            counted with
            {
                ComputeLeft = quota.ComputeLeft - daily,
                CreditBalance = quota.CreditBalance - credits,
                ResetDue = daily > 0 ? resetDue : quota.ResetDue,
            },
            Paid(Charge.DailyRun, daily, Charge.Credit, credits),
            quota.SpeedPack ? plans.SpeedPack.Lane : credits > 0 ? plans.PurchasedCredit.Lane : plan.Lane,
            closed);
    }

    /// <summary>
    /// Gives back what was taken, or a part of it (product rule 5). Daily runs come back to the present day, also when they were taken on
    /// an earlier one; runs of elite to the usage month they were counted in, whether that lasts or is over.
    /// </summary>
    /// <param name="usageMonth">Serial of that usage month; null for what is not counted by month.</param>
    public static GivenBack GiveBack(Plans plans, Quota stored, IReadOnlyList<PaidRuns> paid, int? usageMonth, DateTimeOffset now)
    {
        var (quota, closed) = stored.At(plans, now);
        var monthly = Sum(paid, Charge.Included) + Sum(paid, Charge.Overage);
        quota = quota with
        {
            ComputeLeft = quota.ComputeLeft + Sum(paid, Charge.DailyRun),
            CreditBalance = quota.CreditBalance + Sum(paid, Charge.Credit),
        };
        if (monthly == 0)
            return new GivenBack(quota, closed, null, 0);
        if (usageMonth == quota.UsageMonthSerial)
            return new GivenBack(quota with { IncludedMonthly = quota.IncludedMonthly - monthly }, closed, null, monthly);
        return closed is not null && usageMonth == closed.Serial
            ? new GivenBack(quota, closed with { Runs = closed.Runs - monthly }, null, monthly)
            : new GivenBack(quota, closed, usageMonth, monthly);
    }

    private static PaidRuns[] Paid(Charge first, int firstRuns, Charge second, int secondRuns) => (firstRuns, secondRuns) switch
    {
        (_, 0) => [new PaidRuns(first, firstRuns)],
        (0, _) => [new PaidRuns(second, secondRuns)],
        _ => [new PaidRuns(first, firstRuns), new PaidRuns(second, secondRuns)],
    };

    private static int Sum(IReadOnlyList<PaidRuns> paid, Charge charge) => paid.Where(p => p.Charge == charge).Sum(p => p.Runs);

    private static long UnixMinute(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}
