using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Tests.Workspaces.Upgrades;

/// <summary>Wherever the process dies, the upgrade ends as it would have, and each effect happens once.</summary>
public sealed class UpgradeCrashTests
{
    private static readonly string[] Effects =
    [
        "workspace 10 GB standard, 6000 m",
        "node small in tokyo",
        "web to DedicatedNodes",
        "worker has 2",
        "worker to DedicatedNodes",
        "worker has 1",
        "workspace 100 GB ssd, 6000 m",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_crash_after_any_turn_or_activity_does_nothing_twice(int part)
    {
        const int Parts = 4;
        for (var crash = part; ; crash += Parts)
        {
            await using var area = await UpgradeArea.New();
            area.Host.CrashAt = crash;
            await AssertCompletedOnce(area, $"crash at {crash}");
            if (area.Host.Worked <= crash)
                return;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_order_things_happen_in_they_happen_once(int seed)
    {
        await using var area = await UpgradeArea.New(seed: seed);
        await AssertCompletedOnce(area, $"seed {seed}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_orchestration_that_the_platform_gave_up_at_any_point_goes_on_from_the_document(int part)
    {
        const int Parts = 4;
        for (var point = part; ; point += Parts)
        {
            await using var area = await UpgradeArea.New();
            var id = await area.Accepted();
            var instance = area.Host[id.ToString()];
            while (area.Host.Worked < point && !instance.IsFinished)
            {
                if (!await area.Host.WorkOnce())
                    await area.Host.Advance(TimeSpan.FromSeconds(1));
            }
            if (instance.IsFinished)
                return;
            area.Host.Break(id.ToString());
            await area.Host.Advance(ReviveOptions.Default.LookEvery);
            await area.Get<ReviveChangesHandler>().Handle(default);
            await AssertOnce(area, await area.Finished(id), $"given up at {point}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_sub_orchestration_that_the_platform_gave_up_at_any_point_is_begun_again_and_support_is_not_asked(int part)
    {
        const int Parts = 4;
        for (var point = part; ; point += Parts)
        {
            await using var area = await UpgradeArea.New();
            var id = await area.Accepted();
            while (area.Host.Worked < point || area.Host.RunningChildren.Count == 0)
            {
                if (area.Host[id.ToString()].IsFinished)
                    return;
                if (!await area.Host.WorkOnce())
                    await area.Host.Advance(TimeSpan.FromSeconds(1));
            }
            area.Host.Break(area.Host.RunningChildren[0]);
            await AssertOnce(area, await area.Finished(id), $"given up at {point}");
            Assert.DoesNotContain(await area.Log(), line => line.Event == "troubled");
        }
    }

    private static async Task AssertCompletedOnce(UpgradeArea area, string when) =>
        await AssertOnce(area, await area.Finished(await area.Started()), when);

    private static Task AssertOnce(UpgradeArea area, Upgrade upgrade, string when)
    {
        Assert.Equal((when, UpgradeStatus.Completed), (when, upgrade.Status));
        Assert.Equal((when, 1, 4_980L, 1), (when, area.Payments.Charges, area.Payments.Balance, area.Payments.Customers));
        Assert.Equal((when, 1), (when, area.Cluster.NodesMade));
        Assert.Equal([when, .. Effects], [when, .. area.Cluster.Effects]);
        return Task.CompletedTask;
    }
}
