using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Billing;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Billing;

/// <summary>What sweeps cost: as many runs as hundreds of backtests are begun, taken and given back as so many runs are.</summary>
public sealed class SweepChargeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 30, TimeSpan.Zero);

    private static readonly Plans Plans = TestPlans.Product;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(10_000, 100)]
    public void Every_100_backtests_begun_cost_a_run(int evaluations, int runs) => Assert.Equal(runs, Plans.Sweep.RunsFor(evaluations));

    [Theory]
    [InlineData(3, 0, 3)]
    [InlineData(3, 99, 3)] // a run that was begun is given back
    [InlineData(3, 100, 2)]
    [InlineData(3, 250, 1)] // all of 250, but not yet stored
    [InlineData(3, 300, 0)]
    public void What_is_cancelled_while_running_gives_back_the_runs_that_were_not_used_up(int runs, int evaluated, int back) =>
        Assert.Equal(back, Plans.Sweep.RunsNotUsed(runs, evaluated));

    [Fact]
    public void Daily_runs_are_taken_first_and_then_credits_which_bring_it_to_the_paid_lane()
    {
        var admission = Admit(On(PlanName.Free, left: 2, credits: 9), runs: 5);
        Assert.Equal([new PaidRuns(Charge.DailyRun, 2), new PaidRuns(Charge.Credit, 3)], admission.Paid);
        Assert.Equal((Lane.Paid, 0, 6L), (admission.Lane, admission.Quota.ComputeLeft, admission.Quota.CreditBalance));
    }

    [Fact]
    public void Daily_runs_alone_leave_it_on_the_plans_lane() => Assert.Equal(Lane.Free, Admit(On(PlanName.Free, left: 3, credits: 9), runs: 3).Lane);

    [Theory]
    [InlineData(2, 2, 5, 4)]
    [InlineData(2, -3, 3, 2)] // a debt of credits does not eat the day's runs
    [InlineData(0, 0, 2, 0)]
    public void Too_few_take_nothing_and_the_refusal_tells_how_many_it_takes_and_how_many_there_are(int daily, long credits, int needed, long left)
    {
        Assert.False(ChargeRule.Decide(Plans, On(PlanName.Free, daily, credits), Now, needed).Succeeded(out _, out var refusal));
        var members = Assert.IsType<NoCredit>(refusal).Members!;
        Assert.Equal((needed, left), (members["runs_needed"], members["runs_left"]));
        Assert.Contains($"takes {needed} runs, {left} are left", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Elite_takes_what_is_included_and_the_rest_as_overage()
    {
        var admission = Admit(On(PlanName.Elite, credits: 50, included: 1_998), runs: 5);
        Assert.Equal([new PaidRuns(Charge.Included, 2), new PaidRuns(Charge.Overage, 3)], admission.Paid);
        Assert.Equal((Lane.Priority, 2_003, 50L), (admission.Lane, admission.Quota.IncludedMonthly, admission.Quota.CreditBalance));
    }

    [Fact]
    public void A_sweep_is_one_request_of_the_minute() => Assert.Equal(1, Admit(On(PlanName.Pro, left: 50), runs: 20).Quota.RunsThisMinute);

    [Fact]
    public void Credits_which_do_not_expire_come_back_before_daily_runs() => Assert.Equal(
        [new PaidRuns(Charge.Credit, 3), new PaidRuns(Charge.DailyRun, 1)],
        PaidRuns.Last([new PaidRuns(Charge.DailyRun, 2), new PaidRuns(Charge.Credit, 3)], 4));

    [Fact]
    public void A_sweep_takes_what_so_many_runs_one_after_the_other_would() => Prop.ForAll(Quotas(), Gen.Choose(1, 8).ToArbitrary(), (quota, runs) =>
    {
        var (one, paid) = (quota, new List<Charge>());
        for (var i = 0; i < runs; i++)
        {
            if (!ChargeRule.Decide(Plans, one, Now).Succeeded(out var run, out _))
                return !ChargeRule.Decide(Plans, quota, Now, runs).Succeeded(out _, out _);
            one = run.Quota;
            paid.Add(run.Charge);
        }
        var sweep = Admit(quota, runs);
        return sweep.Quota with { RunsThisMinute = 0 } == one with { RunsThisMinute = 0 }
            && paid.SequenceEqual(sweep.Paid.SelectMany(p => Enumerable.Repeat(p.Charge, p.Runs)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Giving_back_in_two_parts_gives_back_all_of_it() =>
        Prop.ForAll(Quotas(), Gen.Choose(1, 8).ToArbitrary(), Gen.Choose(0, 8).ToArbitrary(), (quota, runs, first) =>
        {
            if (!ChargeRule.Decide(Plans, quota, Now, runs).Succeeded(out var taken, out _))
                return true;
            var last = PaidRuns.Last(taken.Paid, first);
            var rest = taken.Paid.Select(p => p with { Runs = p.Runs - last.Where(l => l.Charge == p.Charge).Sum(l => l.Runs) }).ToList();
            var back = ChargeRule.GiveBack(Plans, taken.Quota, last, taken.UsageMonth, Now).Quota;
            back = ChargeRule.GiveBack(Plans, back, rest, taken.UsageMonth, Now).Quota;
            var (before, _) = quota.At(Plans, Now);
            return last.Sum(p => p.Runs) == Math.Min(first, runs)
                && (back.ComputeLeft, back.CreditBalance, back.IncludedMonthly) == (before.ComputeLeft, before.CreditBalance, before.IncludedMonthly);
        }).QuickCheckThrowOnFailure();

    private static Admission Admit(Quota quota, int runs) => ChargeRule.Decide(Plans, quota, Now, runs).Value();

    private static Quota On(PlanName plan, int left = 0, long credits = 0, int included = 0) => new(
        plan, SpeedPack: false, credits, new DateOnly(2026, 3, 15), left, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 1), included);

    private static Arbitrary<Quota> Quotas() => (
        from plan in Gen.Elements(Enum.GetValues<PlanName>())
        from left in Gen.Choose(0, 5)
        from credits in Gen.Choose(-2, 5)
        from included in Gen.Elements(0, 1, 1_996, 1_999, 2_000, 2_500)
        select On(plan, left, credits, included)).ToArbitrary();
}
