using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Billing;

/// <summary>What an account may still run, as of now.</summary>
/// <param name="DailyRuns">Runs a day; null on elite.</param>
/// <param name="ComputeLeft">Daily runs left; null on elite.</param>
/// <param name="IncludedMonthly">Runs used in the usage month; null on plans that count by day.</param>
/// <param name="IncludedLimit">Included runs of the usage month.</param>
/// <param name="Overage">Runs beyond the included ones.</param>
/// <param name="ResetsAt">When the day or the usage month turns.</param>
/// <param name="RunsPerMinute">Most accepted runs a minute.</param>
public sealed record Usage(
    PlanName Plan,
    bool SpeedPack,
    Lane Lane,
    int? DailyRuns,
    int? ComputeLeft,
    long CreditBalance,
    int? IncludedMonthly,
    int? IncludedLimit,
    int? Overage,
    int RunsPerMinute,
    DateTimeOffset ResetsAt)
{
    /// <summary>The figures of a stored quota at <paramref name="now"/>, turned to the present day and usage month.</summary>
    public static Usage Of(Plans plans, Quota stored, DateTimeOffset now)
    {
        var (quota, _) = stored.At(plans, now);
        var plan = plans[quota.Plan];
        return new Usage(
            quota.Plan,
            quota.SpeedPack,
            quota.SpeedPack ? plans.SpeedPack.Lane : plan.Lane,
            plan.DailyRuns,
            plan.DailyRuns is null ? null : quota.ComputeLeft,
            quota.CreditBalance,
            plan.IncludedMonthly is null ? null : quota.IncludedMonthly,
            plan.IncludedMonthly,
            plan.IncludedMonthly is { } included ? Math.Max(0, quota.IncludedMonthly - included) : null,
            quota.RunsPerMinute ?? plan.RunsPerMinute,
            quota.NextReset(plan, now));
    }
}

/// <summary>Reads an account's usage.</summary>
public sealed class GetUsageHandler(IDocumentStore documents, Plans plans, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">The account does not exist.</exception>
    public async Task<Usage> Handle(string accountId, CancellationToken ct)
    {
        var quota = await documents.Read<Quota>(Containers.Accounts, accountId, Quota.DocumentId, ct)
            ?? throw new InvalidOperationException($"Account {accountId} has no quota document.");
        return Usage.Of(plans, quota.Value, clock.GetUtcNow());
    }
}
