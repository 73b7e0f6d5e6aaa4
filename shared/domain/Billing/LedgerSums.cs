namespace Hexabase.Domain.Billing;

/// <summary>What a ledger adds up to: every balance recomputed from the entries alone (product rule 7).</summary>
/// <param name="Credits">Equals <see cref="Quota.CreditBalance"/>.</param>
/// <param name="DailyRuns">By UTC day; of the present day it equals <see cref="Quota.DailyBalance"/>.</param>
/// <param name="MonthlyRuns">By usage month; equals <see cref="Quota.IncludedMonthly"/> or <see cref="UsageMonth.Runs"/>.</param>
public sealed record LedgerSums(long Credits, IReadOnlyDictionary<DateOnly, long> DailyRuns, IReadOnlyDictionary<int, long> MonthlyRuns)
{
    public static LedgerSums Of(IReadOnlyCollection<LedgerEntry> entries) => new(
        entries.Where(e => e.Unit == LedgerUnit.Credit).Sum(e => e.Amount),
        entries.Where(e => e.Unit == LedgerUnit.DailyRun)
            .GroupBy(e => DateOnly.FromDateTime(e.At.UtcDateTime)).ToDictionary(day => day.Key, day => day.Sum(e => e.Amount)),
        entries.Where(e => e.UsageMonth is not null)
            .GroupBy(e => e.UsageMonth!.Value).ToDictionary(month => month.Key, month => month.Sum(e => e.Amount)));
}
