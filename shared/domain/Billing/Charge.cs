using System.Globalization;

namespace Hexabase.Domain.Billing;

/// <summary>What pays for a run: the pots.</summary>
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

/// <summary>Runs that one pot pays for.</summary>
public sealed record PaidRuns(Charge Charge, int Runs)
{
    /// <summary>The last so many of <paramref name="taken"/>, last first: what is dearest to the customer was taken last.</summary>
    public static IReadOnlyList<PaidRuns> Last(IReadOnlyList<PaidRuns> taken, int runs)
    {
        var last = new List<PaidRuns>(taken.Count);
        foreach (var paid in taken.Reverse())
        {
            var some = Math.Min(paid.Runs, runs);
            if (some > 0)
                last.Add(paid with { Runs = some });
            runs -= some;
        }
        return last;
    }
}

/// <summary>Costs given back.</summary>
/// <param name="Quota">The quota with them.</param>
/// <param name="Closed">A usage month that ended before, to be recorded; the one that counted the runs has them taken off.</param>
/// <param name="GiveBackTo">Serial of the usage month to take the runs off, where that one was closed and recorded earlier.</param>
/// <param name="MonthlyRuns">How many runs were counted by month.</param>
public sealed record GivenBack(Quota Quota, UsageMonth? Closed, int? GiveBackTo, int MonthlyRuns);

/// <summary>A run, or a sweep that costs several, that may start.</summary>
/// <param name="Quota">The quota once it has taken what it costs.</param>
/// <param name="Paid">What pays for it, in the order of taking; never empty.</param>
/// <param name="Closed">A usage month that ended before, to be recorded with it.</param>
public sealed record Admission(Quota Quota, IReadOnlyList<PaidRuns> Paid, Lane Lane, UsageMonth? Closed)
{
    /// <summary>What pays for a single run.</summary>
    public Charge Charge => Paid[0].Charge;

    /// <summary>Serial of the usage month that counts it; null for what is not counted by month.</summary>
    public int? UsageMonth => Charge is Charge.Included or Charge.Overage ? Quota.UsageMonthSerial : null;
}

/// <summary>
/// The day's runs and the credits are not enough. The members say how many runs it takes and how many there are, when the day turns, and
/// what can be bought where.
/// </summary>
public sealed record NoCredit : Refusal
{
    public NoCredit(Plans plans, PlanName plan, DateTimeOffset resetsAt, int needed, long left) : base(
        RefusalKind.PaymentRequired,
        "NO_CREDIT",
        (left == 0 ? "No runs are left today and there are no credits. " : "")
        + (needed == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"This takes {needed} runs, {left} are left with all credits. "))
        + $"Buy {plans.CreditPack.Name} or a larger plan under {plans.BillingAddress}, or wait until {resetsAt:yyyy-MM-ddTHH:mm:ssZ}.")
    {
        Members = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["runs_needed"] = needed,
            ["runs_left"] = left,
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
