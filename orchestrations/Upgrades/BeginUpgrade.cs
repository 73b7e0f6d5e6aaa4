using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <param name="Options">As configured now; one execution of the orchestration keeps to them.</param>
public sealed record UpgradeBegun(UpgradeNext Next, UpgradeOptions Options);

/// <summary>Where an upgrade stands when its orchestration begins, or begins again.</summary>
[DurableTask(Name)]
public sealed class BeginUpgrade(UpgradeJournal journal, UpgradeOptions options) : TaskActivity<string, UpgradeBegun>
{
    public const string Name = "BeginUpgrade";

    public override async Task<UpgradeBegun> RunAsync(TaskActivityContext context, string input) =>
        new(await journal.Next(UpgradeActivity.UpgradeIdOf(input), context.Stopping), options);
}

/// <summary>What is next, after a wait.</summary>
[DurableTask(Name)]
public sealed class ReadUpgrade(UpgradeJournal journal) : TaskActivity<string, UpgradeNext>
{
    public const string Name = "ReadUpgrade";

    public override Task<UpgradeNext> RunAsync(TaskActivityContext context, string input) =>
        journal.Next(UpgradeActivity.UpgradeIdOf(input), context.Stopping);
}
