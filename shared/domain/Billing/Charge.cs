using System.Globalization;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Billing;

/// <summary>What pays for a run.</summary>
public enum Charge
{
    /// <summary>One of the day's runs (free, starter, pro).</summary>
    DailyRun,

    /// <summary>A purchased credit.</summary>
    Credit,

    /// <summary>One of the included runs of elite's usage month.</summary>
    Included,

    /// <summary>A run beyond the included ones, billed after the usage month.</summary>
    Overage,

    /// <summary>Nothing: a run of the product itself.</summary>
    Nothing,
}

/// <summary>A run's costs given back.</summary>
/// <param name="Quota">The quota with them.</param>
/// <param name="Closed">A usage month that ended before, to be recorded; the run's own has the run taken off.</param>
/// <param name="GiveBackTo">Serial of the usage month to take the run off, where that one was closed and recorded earlier.</param>
public sealed record GivenBack(Quota Quota, UsageMonth? Closed, int? GiveBackTo);

/// <summary>A run that may start.</summary>
/// <param name="Quota">The quota once the run has taken what it costs.</param>
/// <param name="Closed">A usage month that ended before this run, to be recorded with it.</param>
public sealed record Admission(Quota Quota, Charge Charge, Lane Lane, UsageMonth? Closed)
{
    /// <summary>Serial of the usage month that counts the run; null for what is not counted by month.</summary>
    public int? UsageMonth => Charge is Charge.Included or Charge.Overage ? Quota.UsageMonthSerial : null;
}

/// <summary>The day's runs are used up and there is no credit. The members say when the day turns and what can be bought where.</summary>
public sealed record NoCredit : Refusal
{
    public NoCredit(Plans plans, PlanName plan, DateTimeOffset resetsAt) : base(
        RefusalKind.PaymentRequired,
        "NO_CREDIT",
        $"No runs are left today and there are no credits. Buy {plans.CreditPack.Name} or a larger plan under {plans.BillingAddress}, "
        + $"or wait until {resetsAt:yyyy-MM-ddTHH:mm:ssZ}.")
    {
        Members = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["resets_at"] = resetsAt,
            ["buy_at"] = plans.BillingAddress,
            ["offers"] = plans.OffersAbove(plan),
        };
    }
}

/// <summary>More runs in this minute than the plan allows.</summary>
public sealed record TooManyRuns : Refusal
{
    public TooManyRuns(int perMinute, TimeSpan wait) : base(
        RefusalKind.RateLimited,
        "RATE_LIMITED",
        string.Create(
            CultureInfo.InvariantCulture,
            $"At most {perMinute} runs a minute are accepted on this plan. Try again in {Math.Ceiling(wait.TotalSeconds)} s."))
    {
        RetryAfter = wait;
    }
}

/// <summary>Product rules 1 to 4: what pays for one run and which lane serves it. No clock, no I/O.</summary>
public static class ChargeRule
{
    /// <summary>Refuses when the minute's runs are used up.</summary>
    public static TooManyRuns? CheckRate(Plans plans, Quota quota, DateTimeOffset now)
    {
        var limit = quota.RunsPerMinute ?? plans[quota.Plan].RunsPerMinute;
        var minute = UnixMinute(now);
        return quota.Minute == minute && quota.RunsThisMinute >= limit
            ? new TooManyRuns(limit, DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60) - now)
            : null;
    }

    /// <summary>Takes one run from <paramref name="stored"/>, whichever day it was stored on.</summary>
    public static Result<Admission> Decide(Plans plans, Quota stored, DateTimeOffset now)
    {
        var (quota, closed) = stored.At(plans, now);
        var plan = plans[quota.Plan];
        var lane = quota.SpeedPack ? plans.SpeedPack.Lane : plan.Lane;
        var minute = UnixMinute(now);
        var counted = quota with
        {
            Minute = minute,
            RunsThisMinute = quota.Minute == minute ? quota.RunsThisMinute + 1 : 1,
        };
        var resetDue = IndexedTime.Of(quota.NextReset(plan, now));

        if (plan.IncludedMonthly is { } included)
        {
            var runs = quota.IncludedMonthly + 1;
            return new Admission(
                counted with { IncludedMonthly = runs, ResetDue = resetDue },
                runs > included ? Charge.Overage : Charge.Included,
                lane,
                closed);
        }
        if (quota.ComputeLeft > 0)
            return new Admission(counted with { ComputeLeft = quota.ComputeLeft - 1, ResetDue = resetDue }, Charge.DailyRun, lane, closed);
        if (quota.CreditBalance > 0)
        {
            return new Admission(
                counted with { CreditBalance = quota.CreditBalance - 1 },
                Charge.Credit,
                quota.SpeedPack ? plans.SpeedPack.Lane : plans.PurchasedCredit.Lane,
                closed);
        }
        return new NoCredit(plans, quota.Plan, quota.NextReset(plan, now));
    }

    /// <summary>
    /// Gives back what a run took (product rule 5). A daily run comes back to the present day, also when it was taken on
    /// an earlier one; a run of elite to the usage month it was counted in, whether that lasts or is over.
    /// </summary>
    /// <param name="usageMonth">Serial of that usage month; null for what is not counted by month.</param>
    public static GivenBack GiveBack(Plans plans, Quota stored, Charge charge, int? usageMonth, DateTimeOffset now)
    {
        var (quota, closed) = stored.At(plans, now);
        switch (charge)
        {
            case Charge.DailyRun:
                return new GivenBack(quota with { ComputeLeft = quota.ComputeLeft + 1 }, closed, null);
            case Charge.Credit:
                return new GivenBack(quota with { CreditBalance = quota.CreditBalance + 1 }, closed, null);
            case Charge.Nothing:
                return new GivenBack(quota, closed, null);
        }
        if (usageMonth == quota.UsageMonthSerial)
            return new GivenBack(quota with { IncludedMonthly = quota.IncludedMonthly - 1 }, closed, null);
        return closed is not null && usageMonth == closed.Serial
            ? new GivenBack(quota, closed with { Runs = closed.Runs - 1 }, null)
            : new GivenBack(quota, closed, usageMonth);
    }

    private static long UnixMinute(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}
