using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Orchestrations.Nodes;

/// <summary>Which nodes are to come, by the documents of the changes that bring them.</summary>
public sealed class WantedNodes(UpgradeJournal upgrades, NodeOrderJournal orders)
{
    /// <summary>Whether what is next for a change is to get this very node.</summary>
    public async Task<bool> Includes(string changeId, DedicatedNode node, CancellationToken ct) =>
        WorkspaceChangeId.TryParse(changeId, out var id) && node == id.Kind switch
        {
            WorkspaceChangeKind.Upgrade => await upgrades.Next(id, ct) is { Action: UpgradeAction.ProvisionNode } next ? next.Node : null,
            WorkspaceChangeKind.NodeOrder =>
                orders.Next(await orders.Read(id, ct)) is { Action: NodeOrderAction.ProvisionNode } next ? next.Node : null,
            _ => null,
        };
}
