using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>Asks what a workspace would cost a month with one more node.</summary>
/// <param name="Size">One of plans.json's node sizes.</param>
/// <param name="Region">One of plans.json's regions.</param>
public sealed record GetNodeEstimate(string AccountId, string? Size, string? Region);

/// <summary>
/// What a workspace costs a month with one more node, tax extra: the plan, the nodes it has beyond the included one, and the new one.
/// </summary>
public sealed record NodeEstimate(string Size, string Region, IReadOnlyList<EstimateLine> Lines, ShownPrice Monthly)
{
    /// <summary>For a workspace that is not on plan pro yet, what it would cost there.</summary>
    public static NodeEstimate Of(Workspace workspace, string size, string region, Plans plans)
    {
        (string Item, int Jpy)[] lines =
        [
            ("plan_pro", plans.Workspaces.Pro.Price!.Jpy),
            .. from node in workspace.Nodes ?? [] where node.Price is not null select (node.Size, node.Price!.Jpy),
            (size, plans.Workspaces.NodeSizes[size].Price.Jpy),
        ];
        return new NodeEstimate(
            size,
            region,
            [.. lines.Select(line => new EstimateLine(line.Item, plans.Show(line.Jpy)))],
            plans.Show(lines.Sum(line => (long)line.Jpy)));
    }
}

/// <param name="Item"><c>plan_pro</c> or the size of a node.</param>
public sealed record EstimateLine(string Item, ShownPrice Monthly);

/// <summary>Estimates, without asking anybody.</summary>
public sealed class GetNodeEstimateHandler(IDocumentStore documents, Plans plans)
{
    public async Task<Result<NodeEstimate>> Handle(GetNodeEstimate ask, CancellationToken ct)
    {
        if (NodeChoice.Refuse(plans.Workspaces, ask.Size, ask.Region) is { } invalid)
            return invalid;
        return await Workspace.Read(documents, ask.AccountId, ct) is { Value: var workspace }
            ? NodeEstimate.Of(workspace, ask.Size!, ask.Region!, plans)
            : new AccountGone();
    }
}
