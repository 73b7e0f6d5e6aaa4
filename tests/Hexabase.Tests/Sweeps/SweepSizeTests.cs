using Hexabase.Domain;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Sweeps;
using Hexabase.Tests.Support;

namespace Hexabase.Tests.Sweeps;

/// <summary>Searches that are refused for what is known of them before anything is computed.</summary>
public sealed class SweepSizeTests
{
    [Theory]
    [InlineData(PlanName.Free, 5_000_000_000)]
    [InlineData(PlanName.Starter, 50_000_000_000)]
    [InlineData(PlanName.Pro, 50_000_000_000)]
    [InlineData(PlanName.Elite, 50_000_000_000)]
    public void A_plan_has_its_bound(PlanName plan, long most) => Assert.Equal(most, TestPlans.Product[plan].SweepWork);

    [Fact]
    public async Task What_takes_more_than_the_plan_allows_is_refused_with_the_numbers_and_costs_nothing()
    {
        await using var area = await SweepsArea.New();
        await area.Runs.StoreDataset(rows: 2_000_000);
        var refused = Assert.IsType<SweepTooLarge>((await area.Start.Handle(area.Ask("key", evaluations: 300), default)).Refusal());
        var members = refused.Members!;
        var larger = Assert.IsAssignableFrom<IReadOnlyDictionary<string, long>>(members["most_work_of_larger_plans"]);
        Assert.Equal((RefusalKind.Unprocessable, "SWEEP_TOO_LARGE", "search"), (refused.Kind, refused.Code, refused.Field));
        Assert.Equal((300, 2_000_000L, 5_000_000_000L), (members["evaluations"], members["candles"], members["most_work"]));
        Assert.True((long)members["work"] > 5_000_000_000);
        Assert.Equal(["elite", "pro", "starter"], larger.Keys.Order());
        Assert.Contains("starter 50000000000", refused.Detail, StringComparison.Ordinal);
        Assert.Empty(await area.Runs.ReadLedger());
    }

    [Fact]
    public async Task A_search_that_is_too_large_for_free_may_fit_a_larger_plan()
    {
        await using var area = await SweepsArea.New(PlanName.Starter);
        await area.Runs.StoreDataset(rows: 2_000_000);
        await area.Accepted("key", evaluations: 300);
    }

    [Fact]
    public async Task The_largest_plan_has_no_larger_one_to_tell_of()
    {
        await using var area = await SweepsArea.New(PlanName.Elite);
        await area.Runs.StoreDataset(rows: 2_000_000);
        var refused = Assert.IsType<SweepTooLarge>((await area.Start.Handle(area.Ask("key", evaluations: 9_999), default)).Refusal());
        Assert.Empty(Assert.IsAssignableFrom<IReadOnlyDictionary<string, long>>(refused.Members!["most_work_of_larger_plans"]));
    }

    [Fact]
    public async Task Few_backtests_of_a_costly_indicator_are_as_large_as_many_of_a_cheap_one()
    {
        await using var cheap = await SweepsArea.New();
        await using var costly = await SweepsArea.New(rule: "cci(slow) > fast");
        const string search = """{"parameters":{"slow":{"from":9902,"to":10001,"step":1}}}""";
        foreach (var area in new[] { cheap, costly })
            await area.Runs.StoreDataset(rows: 290_000);
        Assert.True((await cheap.Start.Handle(cheap.Ask("key", search), default)).Succeeded(out _, out _));
        Assert.IsType<SweepTooLarge>((await costly.Start.Handle(costly.Ask("key", search), default)).Refusal());
    }

    [Theory]
    [InlineData(100, """{"parameters":{"slow":{"values":[900]}}}""", "NO_VALID_SET")]
    [InlineData(3, """{"parameters":{"slow":{"values":[5]}},"validation":{"type":"walk_forward"}}""", "TOO_FEW_CANDLES")]
    public async Task A_search_that_must_fail_is_refused_and_costs_nothing(long candles, string search, string code)
    {
        await using var area = await SweepsArea.New();
        await area.Runs.StoreDataset(candles);
        var refused = (await area.Start.Handle(area.Ask("key", search), default)).Refusal();
        Assert.Equal((RefusalKind.Unprocessable, code, "search"), (refused.Kind, refused.Code, refused.Field));
        Assert.Equal(3, (await area.Runs.ReadQuota()).ComputeLeft);
        Assert.Empty(await area.Runs.ReadOutbox());
    }

    [Fact]
    public async Task The_size_is_worked_out_only_for_who_can_pay()
    {
        await using var area = await SweepsArea.New();
        await area.Runs.StoreDataset(rows: 2_000_000);
        Assert.IsType<NoCredit>((await area.Start.Handle(area.Ask("key", evaluations: 301), default)).Refusal());
    }
}
