using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Switches on what plan pro has: storage and backups on the cluster, all else on record.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.EnableFeatures))]
public sealed class EnableFeatures(UpgradeJournal journal, ICluster cluster, Plans plans)
    : UpgradeActivity(journal, UpgradeAction.EnableFeatures)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        var pro = plans.Workspaces.Pro;
        await cluster.ApplyWorkspace(upgrade.Setup(id, upgrade.ProWithNode(plans.Workspaces), pro), ct);
        if (pro.Features.BackupDays is { } days)
            await cluster.ApplyBackups(upgrade.Namespace, days, ct);
        await Journal.Record(id, new UpgradeEvent.FeaturesEnabled(), ct);
    }
}

/// <summary>Switches it off again.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.UndoFeatures))]
public sealed class UndoFeatures(UpgradeJournal journal, ICluster cluster, Plans plans)
    : UpgradeActivity(journal, UpgradeAction.UndoFeatures)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        await cluster.RemoveBackups(upgrade.Namespace, ct);
        await cluster.ApplyWorkspace(upgrade.Setup(id, upgrade.ProWithNode(plans.Workspaces), plans.Workspaces.Hobby), ct);
        await Journal.Record(id, new UpgradeEvent.FeaturesUndone(), ct);
    }
}
