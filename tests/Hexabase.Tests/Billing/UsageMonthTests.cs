using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Tests.Runs;
using Hexabase.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hexabase.Tests.Billing;

/// <summary>A usage month that ends is recorded, whichever write comes first, for it is what overage is billed from.</summary>
public sealed class UsageMonthTests
{
    [Fact]
    public async Task A_grant_after_the_month_turned_records_it()
    {
        await using var area = await Elite(runs: 2_500);
        area.Clock.Advance(TimeSpan.FromDays(40));
        (await area.Grant.Handle(area.Grants("key", credits: 1), default)).Value();
        Assert.Equal(500, Assert.Single(await area.ReadUsageMonths()).Overage);
    }

    [Fact]
    public async Task Leaving_elite_ends_the_running_month()
    {
        await using var area = await Elite(runs: 2_500);
        (await area.Grant.Handle(area.Grants("key", PlanName.Pro), default)).Value();
        Assert.Equal(500, Assert.Single(await area.ReadUsageMonths()).Overage);
    }

    [Fact]
    public async Task Elite_left_and_entered_again_on_one_day_makes_two_usage_months()
    {
        await using var area = await Elite(runs: 2_010);
        (await area.Grant.Handle(area.Grants("1", PlanName.Pro), default)).Value();
        (await area.Grant.Handle(area.Grants("2", PlanName.Elite), default)).Value();
        await area.Accepted("run");
        (await area.Grant.Handle(area.Grants("3", PlanName.Pro), default)).Value();
        Assert.Equal([2_010, 1], (await area.ReadUsageMonths()).Select(month => month.Runs));
    }

    [Fact]
    public async Task A_refund_that_comes_first_after_the_month_turned_records_it_without_the_run()
    {
        await using var area = await Elite(runs: 2_500);
        var id = await area.Accepted("run");
        area.Clock.Advance(TimeSpan.FromDays(40));
        await area.Ending.FailAndRefund(id, "TEST", "test", default);
        Assert.Equal(500, Assert.Single(await area.ReadUsageMonths()).Overage);
    }

    [Fact]
    public async Task A_refund_after_the_month_was_recorded_takes_the_run_off_it()
    {
        await using var area = await Elite(runs: 2_500);
        var id = await area.Accepted("run");
        (await area.Grant.Handle(area.Grants("key", PlanName.Pro), default)).Value();
        Assert.Equal(501, Assert.Single(await area.ReadUsageMonths()).Overage);
        await area.Ending.FailAndRefund(id, "TEST", "test", default);
        Assert.Equal(500, Assert.Single(await area.ReadUsageMonths()).Overage);
    }

    [Fact]
    public async Task More_quotas_than_a_page_holds_are_turned_while_the_clock_goes_on()
    {
        var clock = new ManualTimeProvider();
        await using var documents = new TemporaryDocumentStore(clock);
        var now = clock.GetUtcNow();
        var (quota, _) = Quota.ForNewAccount(TestPlans.Product, now).ChangePlan(TestPlans.Product, PlanName.Elite, now);
        var used = quota with { IncludedMonthly = 2_001, ResetDue = IndexedTime.Of(clock.GetUtcNow().AddDays(31)) };
        await Task.WhenAll(Enumerable.Range(0, 450).Select(i =>
            documents.Commit(new DocumentBatch(Containers.Accounts, $"a{i}").Create(Quota.DocumentId, used), default)));
        clock.Advance(TimeSpan.FromDays(32));
        var turn = new TurnQuotasHandler(documents, TestPlans.Product, new RunningClock(clock), NullLogger<TurnQuotasHandler>.Instance);

        Assert.Equal(450, await turn.Handle(default));
        Assert.Equal(0, await turn.Handle(default));
        var month = await documents.Read<UsageMonth>(Containers.Accounts, "a449", UsageMonth.DocumentIdOf(used.UsageMonthSerial), default);
        Assert.Equal(1, month!.Value.Overage);
    }

    private static async Task<RunsArea> Elite(int runs)
    {
        var area = await RunsArea.New(PlanName.Elite);
        await area.Write(await area.ReadQuota() with { IncludedMonthly = runs });
        return area;
    }

    /// <summary>A clock that is a little later each time it is looked at.</summary>
    private sealed class RunningClock(ManualTimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            clock.Advance(TimeSpan.FromMilliseconds(5));
            return clock.GetUtcNow();
        }
    }
}
