using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Hexabase.Domain.Billing;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Billing;

public sealed class ChargeRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 0, 30, TimeSpan.Zero);

    private static readonly Plans Plans = TestPlans.Product;

    private static Quota On(PlanName plan, int left = 0, long credits = 0, int included = 0, bool speedPack = false) => new(
        plan, speedPack, credits, new DateOnly(2026, 3, 15), left, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 1), included);

    private static Admission Admit(Quota quota, DateTimeOffset? now = null)
    {
        Assert.True(ChargeRule.Decide(Plans, quota, now ?? Now).Succeeded(out var admission, out var refusal), refusal?.Detail);
        return admission;
    }

    [Theory]
    [InlineData(PlanName.Free, Lane.Free)]
    [InlineData(PlanName.Starter, Lane.Paid)]
    [InlineData(PlanName.Pro, Lane.Paid)]
    public void A_daily_run_is_taken_first_and_goes_to_the_plans_lane(PlanName plan, Lane lane)
    {
        var admission = Admit(On(plan, left: 2, credits: 5));
        Assert.Equal((Charge.DailyRun, lane, 1, 5L), (admission.Charge, admission.Lane, admission.Quota.ComputeLeft, admission.Quota.CreditBalance));
    }

    [Theory]
    [InlineData(PlanName.Free)]
    [InlineData(PlanName.Starter)]
    public void A_used_up_day_pays_with_a_purchased_credit_on_the_paid_lane(PlanName plan)
    {
        var admission = Admit(On(plan, left: 0, credits: 5));
        Assert.Equal((Charge.Credit, Lane.Paid, 4L), (admission.Charge, admission.Lane, admission.Quota.CreditBalance));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)] // after a refund of spent credits (product rule 9)
    public void Without_a_daily_run_and_a_positive_balance_the_run_is_refused_until_midnight(long credits)
    {
        Assert.False(ChargeRule.Decide(Plans, On(PlanName.Free, left: 0, credits), Now).Succeeded(out _, out var refusal));
        Assert.Equal(new DateTimeOffset(2026, 3, 16, 0, 0, 0, TimeSpan.Zero), Assert.IsType<NoCredit>(refusal).Members!["resets_at"]);
    }

    [Theory]
    [InlineData(0, Charge.Included)]
    [InlineData(1_999, Charge.Included)]
    [InlineData(2_000, Charge.Overage)]
    public void Elite_uses_its_2000_included_runs_and_then_overage_but_never_credits(int used, Charge charge)
    {
        var admission = Admit(On(PlanName.Elite, credits: 7, included: used));
        Assert.Equal((charge, Lane.Priority, used + 1, 7L), (admission.Charge, admission.Lane, admission.Quota.IncludedMonthly, admission.Quota.CreditBalance));
    }

    [Theory]
    [InlineData(PlanName.Free)]
    [InlineData(PlanName.Starter)]
    [InlineData(PlanName.Pro)]
    public void A_speed_pack_puts_every_run_on_the_priority_lane(PlanName plan)
    {
        Assert.Equal(Lane.Priority, Admit(On(plan, left: 1, speedPack: true)).Lane);
        Assert.Equal(Lane.Priority, Admit(On(plan, left: 0, credits: 1, speedPack: true)).Lane);
    }

    [Fact]
    public void The_day_turns_at_midnight_UTC()
    {
        var lastSecond = new DateTimeOffset(2026, 3, 15, 23, 59, 59, TimeSpan.Zero);
        Assert.False(ChargeRule.Decide(Plans, On(PlanName.Free), lastSecond).Succeeded(out _, out _));
        Assert.Equal(2, Admit(On(PlanName.Free), lastSecond.AddSeconds(1)).Quota.ComputeLeft);
    }

    [Fact]
    public void A_clock_that_goes_back_gives_no_second_day()
    {
        var today = Admit(On(PlanName.Free, left: 1)).Quota;
        Assert.False(ChargeRule.Decide(Plans, today, Now.AddDays(-1)).Succeeded(out _, out _));
    }

    [Theory]
    [InlineData("2026-01-31", "2026-02-27", "2026-01-31")]
    [InlineData("2026-01-31", "2026-02-28", "2026-02-28")] // the last day of a shorter month
    [InlineData("2026-01-31", "2026-03-30", "2026-02-28")]
    [InlineData("2026-01-31", "2026-03-31", "2026-03-31")]
    [InlineData("2024-02-29", "2025-03-01", "2025-02-28")]
    [InlineData("2025-12-15", "2026-01-14", "2025-12-15")]
    public void The_usage_month_turns_on_the_day_of_the_billing_period(string anchor, string day, string start) =>
        Assert.Equal(Date(start), UsageMonth.StartFor(Date(anchor), Date(day)));

    [Fact]
    public void A_closed_usage_month_is_recorded_with_its_overage_by_the_first_run_of_the_next()
    {
        var admission = Admit(On(PlanName.Elite, included: 2_025), new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal(new UsageMonth(0, new DateOnly(2026, 3, 1), 2_025, 2_000), admission.Closed);
        Assert.Equal(25, admission.Closed!.Overage);
        Assert.Equal((Charge.Included, 1), (admission.Charge, admission.Quota.IncludedMonthly));
    }

    [Fact]
    public void The_minute_is_full_at_the_plans_limit_and_empty_again_in_the_next()
    {
        var quota = On(PlanName.Free, left: 100);
        for (var i = 0; i < 10; i++)
        {
            Assert.Null(ChargeRule.CheckRate(Plans, quota, Now));
            quota = Admit(quota).Quota;
        }
        var refused = ChargeRule.CheckRate(Plans, quota, Now);
        Assert.Equal(TimeSpan.FromSeconds(30), refused?.RetryAfter);
        Assert.Null(ChargeRule.CheckRate(Plans, quota, Now.AddSeconds(30)));
    }

    [Fact]
    public void What_a_run_took_is_what_it_gives_back() => Prop.ForAll(Quotas(), quota =>
    {
        if (!ChargeRule.Decide(Plans, quota, Now).Succeeded(out var taken, out _))
            return true;
        var back = ChargeRule.GiveBack(Plans, taken.Quota, taken.Paid, taken.UsageMonth, Now).Quota;
        var (before, _) = quota.At(Plans, Now);
        return (back.ComputeLeft, back.CreditBalance, back.IncludedMonthly) == (before.ComputeLeft, before.CreditBalance, before.IncludedMonthly);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_sequence_of_runs_and_refunds_over_days_takes_a_balance_below_zero_or_loses_a_unit() =>
        Prop.ForAll(Quotas(), Gen.ListOf(Gen.Choose(0, 5)).ToArbitrary(), (start, steps) =>
        {
            var (now, quota) = (Now, start with { CreditBalance = Math.Abs(start.CreditBalance) });
            var credits = quota.CreditBalance;
            var open = new Stack<(Charge Charge, int? UsageMonth)>();
            foreach (var step in steps)
            {
                if (step == 0)
                    now = now.AddHours(7);
                else if (step == 1 && open.TryPop(out var run))
                {
                    quota = ChargeRule.GiveBack(Plans, quota, [new PaidRuns(run.Charge, 1)], run.UsageMonth, now).Quota;
                    credits += run.Charge == Charge.Credit ? 1 : 0;
                }
                else if (ChargeRule.Decide(Plans, quota, now).Succeeded(out var taken, out _))
                {
                    (quota, credits) = (taken.Quota, credits - (taken.Charge == Charge.Credit ? 1 : 0));
                    open.Push((taken.Charge, taken.UsageMonth));
                }
                if (quota.ComputeLeft < 0 || quota.CreditBalance != credits || credits < 0 || quota.IncludedMonthly < 0)
                    return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Without_credit_the_answer_lists_what_gives_more_runs()
    {
        Assert.False(ChargeRule.Decide(Plans, On(PlanName.Starter), Now).Succeeded(out _, out var refusal));
        var offers = Assert.IsAssignableFrom<IReadOnlyList<Offer>>(refusal.Members!["offers"]);
        Assert.Equal(["credit_pack_1000", "pro", "elite"], offers.Select(offer => offer.Name));
        Assert.Equal(["credit_pack_1000_oneoff_jpy", "pro_m_jpy", "elite_q_jpy"], offers.Select(offer => offer.Price.Id));
    }

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Arbitrary<Quota> Quotas() => (
        from plan in Gen.Elements(PlanName.Free, PlanName.Starter, PlanName.Pro, PlanName.Elite)
        from left in Gen.Choose(0, 3)
        from credits in Gen.Choose(-2, 3)
        from included in Gen.Elements(0, 1, 1_999, 2_000, 2_500)
        from speedPack in Gen.Elements(true, false)
        select On(plan, left, credits, included, speedPack)).ToArbitrary();
}
