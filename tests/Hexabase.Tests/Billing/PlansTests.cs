using System.Text.Json.Nodes;
using Hexabase.Domain.Billing;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Billing;

public sealed class PlansTests
{
    [Theory] // product rules, "Plans"
    [InlineData(PlanName.Free, 3, 10, Lane.Free, false, 10)]
    [InlineData(PlanName.Starter, 50, 30, Lane.Paid, true, 50)]
    [InlineData(PlanName.Pro, 300, 30, Lane.Paid, true, 200)]
    public void The_plans_that_count_by_day_have_the_numbers_of_the_product_rules(
        PlanName name, int daily, int perMinute, Lane lane, bool privateStrategies, int saved)
    {
        var plan = TestPlans.Product[name];
        Assert.Equal((daily, perMinute, lane, privateStrategies, saved), (plan.DailyRuns, plan.RunsPerMinute, plan.Lane, plan.PrivateStrategies, plan.SavedStrategies));
    }

    [Fact]
    public void Elite_includes_2000_runs_a_month_on_the_priority_lane()
    {
        var plan = TestPlans.Product[PlanName.Elite];
        Assert.Equal((2000, 60, Lane.Priority, null), (plan.IncludedMonthly, plan.RunsPerMinute, plan.Lane, plan.DailyRuns));
    }

    [Theory]
    [InlineData("{", "plans.json")]
    [InlineData("{}", "plans")]
    public void A_file_that_cannot_be_used_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidPlansException>(() => Plans.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_lacks_a_plan_is_refused()
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans.json")))!;
        json["plans"]!.AsObject().Remove("free");
        Assert.Contains("'free' is missing", Assert.Throws<InvalidPlansException>(() => Plans.Parse(json.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_setting_is_refused_rather_than_ignored()
    {
        var json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans.json")).Replace("\"daily_runs\": 3,", "\"daily_runs\": 3, \"dayly_runs\": 3,", StringComparison.Ordinal);
        Assert.Contains("dayly_runs", Assert.Throws<InvalidPlansException>(() => Plans.Parse(json)).Message, StringComparison.Ordinal);
    }

    [Theory] // product rules, "Plans"; by year 16 % less than twelve months
    [InlineData(PlanName.Starter, "starter_m_jpy", PriceInterval.Month, 980, "starter_y_jpy", 9_878)]
    [InlineData(PlanName.Pro, "pro_m_jpy", PriceInterval.Month, 2_980, "pro_y_jpy", 30_038)]
    [InlineData(PlanName.Elite, "elite_q_jpy", PriceInterval.Quarter, 29_800, "elite_y_jpy", 100_128)]
    public void Plans_have_their_prices(PlanName name, string id, PriceInterval interval, int jpy, string yearlyId, int yearlyJpy)
    {
        Assert.Equal(new Price(id, interval, jpy), TestPlans.Product[name].Price!.Regular);
        Assert.Equal(new Price(yearlyId, PriceInterval.Year, yearlyJpy), TestPlans.Product.YearlyPrice(name));
    }

    [Fact]
    public void Free_costs_nothing_and_add_ons_and_overage_what_the_product_rules_say()
    {
        Assert.Null(TestPlans.Product.YearlyPrice(PlanName.Free));
        Assert.Equal(new Price("speed_pack_m_jpy", PriceInterval.Month, 980), TestPlans.Product.SpeedPack.Price);
        Assert.Equal(
            new CreditPack("credit_pack_1000", 1_000, new Price("credit_pack_1000_oneoff_jpy", PriceInterval.Once, 1_500)), TestPlans.Product.CreditPack);
        Assert.Equal(new Overage(0.02m, 31, 50), TestPlans.Product.Overage);
        Assert.Equal(140, TestPlans.Product.JpyPerUsd);
    }
}
