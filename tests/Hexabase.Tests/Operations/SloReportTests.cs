using Hexabase.Domain.Operations;

namespace Hexabase.Tests.Operations;

public sealed class SloReportTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 40, 0, TimeSpan.Zero);

    [Theory] // A target of 99.9 % allows one bad request in a thousand.
    [InlineData(0, 0, SloState.NoData)]
    [InlineData(10_000, 0, SloState.Met)]
    [InlineData(9_993, 7, SloState.Met)]
    [InlineData(9_992, 8, SloState.AtRisk)]
    [InlineData(9_990, 10, SloState.AtRisk)]
    [InlineData(9_989, 11, SloState.Missed)]
    [InlineData(0, 1, SloState.Missed)]
    public void A_promise_is_missed_below_its_target_and_at_risk_with_less_than_a_quarter_of_the_budget_left(long good, long bad, SloState state) =>
        Assert.Equal(state, Availability("1h", [Hour(0, good, bad)]).State);

    [Theory]
    [InlineData(1_000, 0, "1")]
    [InlineData(9_995, 5, "0.5")]
    [InlineData(9_990, 10, "0")]
    [InlineData(9_970, 30, "-2")]
    public void The_budget_left_is_the_part_of_the_allowed_bad_events_that_did_not_happen(long good, long bad, string left) =>
        Assert.Equal(decimal.Parse(left, System.Globalization.CultureInfo.InvariantCulture), Availability("1h", [Hour(0, good, bad)]).BudgetLeft);

    [Fact]
    public void A_share_is_never_rounded_up_to_all() =>
        Assert.Equal(0.99999m, Availability("1h", [Hour(0, 100_000_000, 1)]).GoodShare);

    [Theory]
    [InlineData("1h", "2026-03-31T11:00:00Z", 3)]
    [InlineData("24h", "2026-03-30T12:00:00Z", 7)]
    [InlineData("30d", "2026-03-01T12:00:00Z", 15)]
    public void A_window_is_its_whole_hours_and_the_one_that_is_running(string window, string since, long good)
    {
        HourCounts[] hours = [Hour(0, 1, 0), Hour(1, 2, 0), Hour(24, 4, 0), Hour(30 * 24, 8, 0), Hour((30 * 24) + 1, 16, 0)];
        var seen = Availability(window, hours);
        Assert.Equal(DateTimeOffset.Parse(since, System.Globalization.CultureInfo.InvariantCulture), seen.Since);
        Assert.Equal(good, seen.Good);
    }

    [Fact]
    public void Without_volumes_a_report_tells_shares_and_percentiles_only()
    {
        var tally = new Tally(3, 1, new Dictionary<double, long> { [0.5] = 3, [5] = 1 });
        var full = SloReport.Of([new HourCounts(SloHour.Of(Now), Tallies("enqueue", tally))], Now);
        var shown = full.WithoutVolumes().Objectives.Single(o => o.Objective == "enqueue").Windows[0];
        Assert.Equal((0.75m, 5.0, null, null), (shown.GoodShare, shown.P95Seconds, shown.Good, shown.Bad));
    }

    [Fact]
    public void Every_objective_stands_in_every_report() =>
        Assert.Equal(["enqueue", "run_start", "small_run", "availability"], SloReport.Of([], Now).Objectives.Select(o => o.Objective));

    private static SloWindow Availability(string window, IReadOnlyList<HourCounts> hours) =>
        SloReport.Of(hours, Now).Objectives.Single(o => o.Objective == "availability").Windows.Single(w => w.Window == window);

    private static HourCounts Hour(int ago, long good, long bad) =>
        new(SloHour.Of(Now).AddHours(-ago), Tallies("availability", Tally.Empty with { Good = good, Bad = bad }));

    private static Dictionary<string, Tally> Tallies(string objective, Tally tally) => new(StringComparer.Ordinal) { [objective] = tally };
}
