using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>The workspace is on plan pro from here on.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.ChangePlan))]
public sealed class ChangePlan(UpgradeJournal journal) : UpgradeActivity(journal, UpgradeAction.ChangePlan)
{
    protected override Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct) =>
        Journal.Record(id, new UpgradeEvent.PlanChanged(), ct);
}

/// <summary>The workspace is on plan hobby again.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.UndoPlan))]
public sealed class UndoPlan(UpgradeJournal journal) : UpgradeActivity(journal, UpgradeAction.UndoPlan)
{
    protected override Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct) =>
        Journal.Record(id, new UpgradeEvent.PlanUndone(), ct);
}
