using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>The dedicated nodes of a workspace, oldest first.</summary>
public sealed record MyNodes(IReadOnlyList<MyNode> Items)
{
    public static MyNodes Of(Workspace workspace, Plans plans) => new([.. (workspace.Nodes ?? []).Select(node => MyNode.Of(node, plans))]);
}

/// <summary>A dedicated node as its owner sees it.</summary>
/// <param name="Monthly">What it costs beside the plan; null for the included one.</param>
public sealed record MyNode(string Name, string Size, string Region, bool Included, ShownPrice? Monthly, DateTimeOffset AddedAt)
{
    internal static MyNode Of(WorkspaceNode node, Plans plans) =>
        new(node.Name, node.Size, node.Region, node.Included, node.Price is { Jpy: var jpy } ? plans.Show(jpy) : null, node.AddedAt);
}

/// <summary>Reads the nodes on record, without asking the cluster.</summary>
public sealed class ListNodesHandler(IDocumentStore documents, Plans plans)
{
    public async Task<Result<MyNodes>> Handle(string accountId, CancellationToken ct) =>
        await Workspace.Read(documents, accountId, ct) is { Value: var workspace } ? MyNodes.Of(workspace, plans) : new AccountGone();
}
