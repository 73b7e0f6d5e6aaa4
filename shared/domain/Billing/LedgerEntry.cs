using System.Text.Json;

namespace Hexabase.Domain.Billing;

/// <summary>Why a ledger entry was written.</summary>
public enum LedgerType
{
    /// <summary>A daily run was used.</summary>
    Run,

    /// <summary>A purchased credit was used.</summary>
    CreditConsume,

    /// <summary>An included run of elite's usage month was used.</summary>
    Included,

    /// <summary>A run beyond the included ones.</summary>
    Overage,

    /// <summary>What a run took was given back.</summary>
    Refund,

    /// <summary>An operator's grant.</summary>
    Grant,
}

/// <summary>What a ledger entry counts.</summary>
public enum LedgerUnit
{
    /// <summary>The day's runs, by the UTC day of the entry.</summary>
    DailyRun,

    /// <summary>Purchased credits.</summary>
    Credit,

    /// <summary>Runs of one of elite's usage months, included and beyond alike; which ones are beyond follows from their number.</summary>
    MonthlyRun,

    /// <summary>A change of plan; the amount is 0, the note names both.</summary>
    Plan,

    /// <summary>1 when it was given, -1 when it was taken.</summary>
    SpeedPack,

    /// <summary>The account's own limit; 0 when it is the plan's again.</summary>
    RunsPerMinute,
}

/// <summary>
/// One line of an account's ledger: append-only, never edited (product rule 7). Document <c>ledger:{time-ordered}</c> in the
/// account's partition. What its entries add up to, see <see cref="LedgerSums"/>, is what the quota says.
/// </summary>
/// <param name="Amount">
/// Whole units. Of what an account owns (daily runs, credits) what it used is negative; of what it is billed for (monthly runs) positive.
/// </param>
/// <param name="RunId">The run it is about; null for a sweep and for a grant.</param>
/// <param name="UsageMonth">Serial of the usage month, for monthly runs.</param>
/// <param name="Note">What a grant changed, for people; the reason is in the audit entry.</param>
/// <param name="SweepId">The sweep it is about.</param>
public sealed record LedgerEntry(
    LedgerType Type,
    LedgerUnit Unit,
    long Amount,
    DateTimeOffset At,
    string CorrelationId,
    string? RunId = null,
    int? UsageMonth = null,
    string? Note = null,
    string? SweepId = null)
{
    /// <summary>The entry for what a run took.</summary>
    public static LedgerEntry ForRun(Charge charge, int? usageMonth, string runId, DateTimeOffset at, string correlationId) =>
        Taken(new PaidRuns(charge, 1), usageMonth, at, correlationId) with { RunId = runId };

    /// <summary>The entry that undoes <see cref="ForRun"/>.</summary>
    public static LedgerEntry ForRefund(Charge charge, int? usageMonth, string runId, DateTimeOffset at, string correlationId) =>
        GivenBack(ForRun(charge, usageMonth, runId, at, correlationId));

    /// <summary>The entry for what a sweep took from one pot.</summary>
    public static LedgerEntry ForSweep(PaidRuns paid, int? usageMonth, string sweepId, DateTimeOffset at, string correlationId) =>
        Taken(paid, usageMonth, at, correlationId) with { SweepId = sweepId };

    /// <summary>The entry for what a sweep gave back to one pot.</summary>
    public static LedgerEntry ForSweepRefund(PaidRuns back, int? usageMonth, string sweepId, DateTimeOffset at, string correlationId) =>
        GivenBack(ForSweep(back, usageMonth, sweepId, at, correlationId));

    /// <summary>Id of the entry for what a run took; one per run.</summary>
    public static string RunDocumentId(string runSerial) => $"ledger:{runSerial}";

    /// <summary>Id of the entry for a run's refund; one per run, so that it cannot be given back twice.</summary>
    public static string RefundDocumentId(string runSerial) => $"ledger:{runSerial}:refund";

    /// <summary>Id of the entry for what a sweep took from a pot; one per sweep and pot.</summary>
    public static string SweepDocumentId(string sweepSerial, Charge charge) => $"ledger:{sweepSerial}:{NameOf(charge)}";

    /// <summary>Id of the entry for what a sweep gave back to a pot; one per sweep and pot, so that it happens once.</summary>
    public static string SweepRefundDocumentId(string sweepSerial, Charge charge) => $"ledger:{sweepSerial}:{NameOf(charge)}:refund";

    private static LedgerEntry Taken(PaidRuns paid, int? usageMonth, DateTimeOffset at, string correlationId) => paid.Charge switch
    {
        Charge.DailyRun => new(LedgerType.Run, LedgerUnit.DailyRun, -paid.Runs, at, correlationId),
        Charge.Credit => new(LedgerType.CreditConsume, LedgerUnit.Credit, -paid.Runs, at, correlationId),
        Charge.Included => new(LedgerType.Included, LedgerUnit.MonthlyRun, paid.Runs, at, correlationId, UsageMonth: usageMonth),
        Charge.Overage => new(LedgerType.Overage, LedgerUnit.MonthlyRun, paid.Runs, at, correlationId, UsageMonth: usageMonth),
        _ => throw new ArgumentOutOfRangeException(nameof(paid), paid.Charge, "Nothing was taken."),
    };

    private static LedgerEntry GivenBack(LedgerEntry taken) => taken with { Type = LedgerType.Refund, Amount = -taken.Amount };

    private static string NameOf(Charge charge) => JsonNamingPolicy.SnakeCaseLower.ConvertName(charge.ToString());
}
