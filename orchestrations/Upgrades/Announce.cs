using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>Tells the owner, and completes the upgrade in the same commit.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.Announce))]
public sealed class Announce(UpgradeJournal journal) : UpgradeActivity(journal, UpgradeAction.Announce)
{
    protected override Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct) =>
        Journal.Record(id, new UpgradeEvent.Announced(), ct);
}
