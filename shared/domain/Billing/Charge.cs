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
}

/// <summary>A run that may start.</summary>
/// <param name="Quota">The quota once the run has taken what it costs.</param>
/// <param name="Closed">A usage month that ended before this run, to be recorded with it.</param>
public sealed record Admission(Quota Quota, Charge Charge, Lane Lane, UsageMonth? Closed);

/// <summary>The day's runs are used up and there is no credit.</summary>
public sealed record NoCredit : Refusal
{
    public NoCredit(DateTimeOffset resetsAt) : base(
        RefusalKind.PaymentRequired,
        "NO_CREDIT",
        $"No runs are left today and there are no credits. Buy credit_pack_1000 or a larger plan under /billing, or wait until {resetsAt:yyyy-MM-ddTHH:mm:ssZ}.")
    {
        ResetsAt = resetsAt;
    }

    public DateTimeOffset ResetsAt { get; }
}

/// <summary>More runs in this minute than the plan allows.</summary>
public sealed record TooManyRuns : Refusal
{
    public TooManyRuns(int perMinute, TimeSpan wait) : base(
        RefusalKind.RateLimited,
        "RATE_LIMITED",
        string.Create(CultureInfo.InvariantCulture, $"At most {perMinute} runs a minute are accepted on this plan. Try again in {Math.Ceiling(wait.TotalSeconds)} s."))
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
        return new NoCredit(quota.NextReset(plan, now));
    }

    /// <summary>
    /// Gives back what a run took (product rule 5). A daily run comes back to the present day, also when it was taken on
    /// an earlier one; an included or overage run to its usage month while that lasts.
    /// </summary>
    public static Quota GiveBack(Plans plans, Quota stored, Charge charge, DateTimeOffset takenAt, DateTimeOffset now)
    {
        var (quota, _) = stored.At(plans, now);
        return charge switch
        {
            Charge.DailyRun => quota with { ComputeLeft = quota.ComputeLeft + 1 },
            Charge.Credit => quota with { CreditBalance = quota.CreditBalance + 1 },
            _ when DateOnly.FromDateTime(takenAt.UtcDateTime) >= quota.UsageMonthStart => quota with { IncludedMonthly = Math.Max(0, quota.IncludedMonthly - 1) },
            _ => quota,
        };
    }

    private static long UnixMinute(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}
