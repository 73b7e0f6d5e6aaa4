namespace Hexabase.Domain.Operations;

/// <summary>Whether a promise is kept.</summary>
public enum SloState
{
    /// <summary>Nothing happened that it covers.</summary>
    NoData,

    Met,

    /// <summary>Met so far, with less than a quarter of the error budget left.</summary>
    AtRisk,

    Missed,
}

/// <summary>How one objective stands within one window.</summary>
/// <param name="Window"><c>1h</c>, <c>24h</c> or <c>30d</c>: these whole hours and the one that is running.</param>
/// <param name="Since">When the window began, UTC.</param>
/// <param name="GoodShare">Good events of all, 0 to 1, never rounded up; null when there were none.</param>
/// <param name="P95Seconds">95 % took at most so long, a bound of <see cref="Tally.Bounds"/>; null without durations.</param>
/// <param name="BudgetLeft">
/// What is left of the bad events that the target allows, at most 1; below 0 when there were more. Null when nothing happened.
/// </param>
/// <param name="Good">How many events were good; for operators only.</param>
/// <param name="Bad">How many events were bad; for operators only.</param>
public sealed record SloWindow(
    string Window,
    DateTimeOffset Since,
    SloState State,
    decimal? GoodShare,
    double? P95Seconds,
    decimal? BudgetLeft,
    long? Good,
    long? Bad);

/// <summary>How one objective stands.</summary>
/// <param name="Promise">In words.</param>
/// <param name="Target">Share of events that must be good.</param>
/// <param name="WithinSeconds">What is good takes at most so long; null where no time is promised.</param>
public sealed record ObjectiveReport(
    string Objective, string Promise, decimal Target, double? WithinSeconds, IReadOnlyList<SloWindow> Windows);

/// <summary>How all objectives stand.</summary>
/// <param name="At">When this was so, UTC.</param>
public sealed record SloReport(DateTimeOffset At, IReadOnlyList<ObjectiveReport> Objectives)
{
    private const decimal LittleBudget = 0.25m;

    private static readonly (string Name, TimeSpan Length)[] Windows =
        [("1h", TimeSpan.FromHours(1)), ("24h", TimeSpan.FromHours(24)), ("30d", TimeSpan.FromDays(30))];

    public static SloReport Of(IReadOnlyList<HourCounts> hours, DateTimeOffset now)
    {
        var windows = Windows
            .Select(window => (window.Name, Since: SloHour.Of(now) - window.Length))
            .Select(window => (
                window.Name, window.Since, Sum: SloHour.Sum(hours.Where(h => h.Hour >= window.Since).Select(h => h.Tallies))))
            .ToList();
        return new SloReport(now, [.. Objective.All.Select(objective => new ObjectiveReport(
            objective.Name,
            objective.Promise,
            objective.Target,
            objective.Within?.TotalSeconds,
            [.. windows.Select(w => Judge(objective.Target, w.Name, w.Since, w.Sum.GetValueOrDefault(objective.Name, Tally.Empty)))]))]);
    }

    /// <summary>
    /// How fast the error budget is used up: 1 uses it up just as the window ends, 2 in half of it. Rules for alerts are about this.
    /// </summary>
    public static decimal BurnRate(Tally tally, decimal target) => tally.Total == 0 ? 0 : (decimal)tally.Bad / tally.Total / (1 - target);

    /// <summary>The same for everybody: how much there was is not told.</summary>
    public SloReport WithoutVolumes() => this with
    {
        Objectives = [.. Objectives.Select(o => o with { Windows = [.. o.Windows.Select(w => w with { Good = null, Bad = null })] })],
    };

    private static SloWindow Judge(decimal target, string window, DateTimeOffset since, Tally tally)
    {
        if (tally.Total == 0)
            return new SloWindow(window, since, SloState.NoData, GoodShare: null, P95Seconds: null, BudgetLeft: null, Good: 0, Bad: 0);
        var left = 1 - BurnRate(tally, target);
        var state = left < 0 ? SloState.Missed : left < LittleBudget ? SloState.AtRisk : SloState.Met;
        return new SloWindow(
            window, since, state, Down((decimal)tally.Good / tally.Total), tally.Percentile(0.95m), Down(left), tally.Good, tally.Bad);
    }

    /// <summary>To five places, never up: 0.999999 is not 1.</summary>
    private static decimal Down(decimal share) => Math.Round(share, 5, MidpointRounding.ToNegativeInfinity);
}
