using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Puts the workspace's apps on record, with how many copies they have; at the end once more, for those that came meanwhile.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.ListWorkloads))]
public sealed class ListWorkloads(UpgradeJournal journal, ICluster cluster) : UpgradeActivity(journal, UpgradeAction.ListWorkloads)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct) =>
        await Journal.Record(id, new UpgradeEvent.WorkloadsListed(await cluster.ListWorkloads(upgrade.Namespace, ct)), ct);
}
