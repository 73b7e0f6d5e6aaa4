using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>
/// Makes room for the apps on a node and puts it on record; <see cref="ProvisionNode"/> brings it. The room comes first because during the
/// move there are more copies than before. Storage follows with the other features.
/// </summary>
[DurableTask(Prefix + nameof(UpgradeAction.AskForNode))]
public sealed class AskForNode(UpgradeJournal journal, ICluster cluster, Plans plans) : UpgradeActivity(journal, UpgradeAction.AskForNode)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        await cluster.ApplyWorkspace(upgrade.Setup(id, upgrade.ProWithNode(plans.Workspaces), plans.Workspaces.Hobby), ct);
        await Journal.Record(id, new UpgradeEvent.NodeAsked(), ct);
    }
}

/// <summary>The workspace has hobby's room again; its node is gone.</summary>
[DurableTask(Prefix + nameof(UpgradeAction.UndoNode))]
public sealed class UndoNode(UpgradeJournal journal, ICluster cluster, Plans plans) : UpgradeActivity(journal, UpgradeAction.UndoNode)
{
    protected override async Task Run(WorkspaceChangeId id, Upgrade upgrade, CancellationToken ct)
    {
        await cluster.ApplyWorkspace(upgrade.Setup(id, plans.Workspaces.Hobby, plans.Workspaces.Hobby), ct);
        await Journal.Record(id, new UpgradeEvent.NodeUndone(), ct);
    }
}

public sealed record RecordNodeInput(string UpgradeId, NodeOutcome Outcome);

/// <summary>Records how a try to get the node ended.</summary>
[DurableTask(Name)]
public sealed class RecordNode(UpgradeJournal journal) : TaskActivity<RecordNodeInput, UpgradeNext>
{
    public const string Name = "UpgradeRecordNode";

    public override Task<UpgradeNext> RunAsync(TaskActivityContext context, RecordNodeInput input) => journal.RecordThenNext(
        UpgradeActivity.UpgradeIdOf(input.UpgradeId),
        input.Outcome.NodeName is { } nodeName
            ? new UpgradeEvent.NodeReady(nodeName)
            : new UpgradeEvent.NodeFailed(input.Outcome.Reason ?? "Failed", input.Outcome.Message),
        context.Stopping);
}

/// <summary>Records that nothing is left of the node.</summary>
[DurableTask(Name)]
public sealed class RecordNodeGone(UpgradeJournal journal) : TaskActivity<string, UpgradeNext>
{
    public const string Name = "UpgradeRecordNodeGone";

    public override Task<UpgradeNext> RunAsync(TaskActivityContext context, string input) =>
        journal.RecordThenNext(UpgradeActivity.UpgradeIdOf(input), new UpgradeEvent.NodeGone(), context.Stopping);
}
