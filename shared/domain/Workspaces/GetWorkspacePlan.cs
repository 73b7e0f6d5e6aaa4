using Hexabase.Domain.Accounts;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Documents;
using Hexabase.Domain.Workspaces.NodeOrders;

namespace Hexabase.Domain.Workspaces;

/// <summary>The plan page of a workspace: what is used of the limits in force, and what there is to choose from.</summary>
/// <param name="Features">What is switched on: during a change not yet, or no longer, all that its plan has.</param>
/// <param name="Usage">Against the limits in force.</param>
/// <param name="Plans">All plans, the smallest first.</param>
/// <param name="IncludedNodeSize">The size that comes with plan pro.</param>
/// <param name="Nodes">The workspace's dedicated nodes.</param>
/// <param name="RunningChange">What is under way; null for nothing.</param>
/// <param name="PendingDowngrade">The downgrade that waits for the end of the paid period; null for none.</param>
public sealed record WorkspacePlanPage(
    WorkspacePlanName Plan,
    WorkspaceFeatures Features,
    IReadOnlyList<LimitedUse> Usage,
    IReadOnlyList<OfferedPlan> Plans,
    IReadOnlyList<OfferedNodeSize> NodeSizes,
    IReadOnlyList<string> Regions,
    string IncludedNodeSize,
    IReadOnlyList<MyNode> Nodes,
    NamedChange? RunningChange,
    NamedChange? PendingDowngrade)
{
    /// <summary>The page of a workspace that uses so much.</summary>
    public static WorkspacePlanPage Of(Workspace workspace, WorkspaceUsage usage, Plans plans)
    {
        var offered = plans.Workspaces;
        var inForce = workspace.InForce(offered);
        return new WorkspacePlanPage(
            workspace.Plan,
            inForce.Features,
            usage.Against(inForce),
            [.. Enum.GetValues<WorkspacePlanName>().Select(name => OfferedPlan.Of(name, plans))],
            [.. offered.NodeSizes.Select(size => OfferedNodeSize.Of(size.Key, size.Value, plans)).OrderBy(size => size.Price.Jpy)],
            offered.Regions,
            offered.IncludedNodeSize,
            MyNodes.Of(workspace, plans).Items,
            NamedChange.Of(workspace.RunningChange),
            NamedChange.Of(workspace.PendingDowngrade));
    }
}

/// <summary>A plan as it is offered.</summary>
/// <param name="Price">For a month.</param>
/// <param name="IncludedNodes">Dedicated nodes that come with it.</param>
/// <param name="CpuMillis">On the shared pool, thousandths of a core; so is memory.</param>
public sealed record OfferedPlan(
    WorkspacePlanName Name, ShownPrice Price, int IncludedNodes, int CpuMillis, int MemoryMb, int Pods, WorkspaceFeatures Features)
{
    internal static OfferedPlan Of(WorkspacePlanName name, Plans plans)
    {
        var plan = plans.Workspaces[name];
        return new OfferedPlan(
            name, plans.Show(plan.Price?.Jpy ?? 0), plan.IncludedNodes, plan.CpuMillis, plan.MemoryMb, plan.Pods, plan.Features);
    }
}

/// <summary>A size of dedicated node as it is offered.</summary>
/// <param name="Price">For a month.</param>
public sealed record OfferedNodeSize(string Name, int Cpus, int MemoryGb, ShownPrice Price)
{
    internal static OfferedNodeSize Of(string name, NodeSize size, Plans plans) =>
        new(name, size.Cpus, size.MemoryGb, plans.Show(size.Price.Jpy));
}

/// <summary>An upgrade, a downgrade or a node order.</summary>
public sealed record NamedChange(WorkspaceChangeKind Kind, string Id)
{
    internal static NamedChange? Of(string? id) => WorkspaceChangeId.TryParse(id, out var parsed) ? new NamedChange(parsed.Kind, id) : null;
}

/// <summary>Reads the plan page of an account's workspace.</summary>
public sealed class GetWorkspacePlanHandler(IDocumentStore documents, ICluster cluster, Plans plans)
{
    /// <summary>Refused with <see cref="AccountGone"/> when the token is good but its account is gone.</summary>
    public async Task<Result<WorkspacePlanPage>> Handle(string accountId, CancellationToken ct)
    {
        if (await Workspace.Read(documents, accountId, ct) is not { Value: var workspace })
            return new AccountGone();
        return WorkspacePlanPage.Of(workspace, await WorkspaceUsage.Read(cluster, workspace, ct), plans);
    }
}
