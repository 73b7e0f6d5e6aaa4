using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Orchestrations.Nodes;

/// <summary>Which nodes a workspace is to have, by its own document.</summary>
public sealed class WantedNodes(IDocumentStore documents)
{
    /// <param name="changeId">Of the change that asks; tells the account.</param>
    public async Task<bool> Includes(string changeId, string nodeName, CancellationToken ct) =>
        WorkspaceChangeId.TryParse(changeId, out var id)
        && await documents.Read<Workspace>(Containers.Accounts, id.Account, Workspace.DocumentId, ct) is { Value.Nodes: { } nodes }
        && nodes.Any(node => node.Name == nodeName);
}
