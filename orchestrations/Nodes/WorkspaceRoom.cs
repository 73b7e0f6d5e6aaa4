using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Orchestrations.Nodes;

/// <summary>Brings the limits on the cluster to what the workspace's document says: its plan, and the nodes that it has.</summary>
public sealed class WorkspaceRoom(ICluster cluster, IDocumentStore documents, Plans plans)
{
    /// <param name="changeId">Of the change that asks; tells the account.</param>
    /// <exception cref="InvalidOperationException">The account has no workspace.</exception>
    public async Task Apply(WorkspaceChangeId changeId, CancellationToken ct)
    {
        var workspace = (await Workspace.Read(documents, changeId.Account, ct))?.Value
            ?? throw new InvalidOperationException($"Account {changeId.Account} has no workspace.");
        var inForce = workspace.InForce(plans.Workspaces);
        await cluster.ApplyWorkspace(
            WorkspaceSetup.Of(workspace.Namespace, workspace.Id, changeId.Account, inForce, inForce.Features), ct);
    }
}
