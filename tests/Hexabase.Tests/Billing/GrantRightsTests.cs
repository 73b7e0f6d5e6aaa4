using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Billing;

public sealed class GrantRightsTests
{
    [Fact]
    public async Task A_repeat_has_no_second_effect_and_another_body_under_the_key_is_refused()
    {
        await using var area = await RunsArea.New();
        for (var i = 0; i < 2; i++)
            Assert.Equal(5, (await area.Grant.Handle(area.Grants("key", credits: 5), default)).Value().CreditBalance);
        Assert.IsType<IdempotencyKeyReused>((await area.Grant.Handle(area.Grants("key", credits: 6), default)).Refusal());
        Assert.Equal(5, (await area.ReadQuota()).CreditBalance);
    }

    [Fact]
    public async Task Runs_of_the_day_are_refused_for_a_plan_that_counts_by_month()
    {
        await using var area = await RunsArea.New(PlanName.Elite);
        Assert.Equal("daily_runs", (await area.Grant.Handle(area.Grants("1", dailyRuns: 5), default)).Refusal().Field);
        Assert.Equal("daily_runs", (await area.Grant.Handle(area.Grants("2", PlanName.Elite, dailyRuns: 5), default)).Refusal().Field);
        Assert.Equal(305, (await area.Grant.Handle(area.Grants("3", PlanName.Pro, dailyRuns: 5), default)).Value().ComputeLeft);
    }

    [Fact]
    public async Task An_accounts_own_rate_limit_can_be_taken_away_again()
    {
        await using var area = await RunsArea.New();
        Assert.Equal(99, (await area.Grant.Handle(area.Grants("1", runsPerMinute: 99), default)).Value().RunsPerMinute);
        Assert.Equal(10, (await area.Grant.Handle(area.Grants("2", runsPerMinute: 0), default)).Value().RunsPerMinute);
    }
}
