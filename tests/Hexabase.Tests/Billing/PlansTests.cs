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
    [InlineData("""{"plans":{},"speed_pack":{"lane":"priority"},"purchased_credit":{"lane":"paid"},"idempotency_key_days":7,"forks_per_minute_per_address":10}""", "'free' is missing")]
    public void A_file_that_cannot_be_used_is_refused_with_the_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidPlansException>(() => Plans.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unknown_setting_is_refused_rather_than_ignored()
    {
        var json = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans.json")).Replace("\"daily_runs\": 3,", "\"daily_runs\": 3, \"dayly_runs\": 3,", StringComparison.Ordinal);
        Assert.Contains("dayly_runs", Assert.Throws<InvalidPlansException>(() => Plans.Parse(json)).Message, StringComparison.Ordinal);
    }
}
