using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>Puts events to node orders, each in one commit with what it changes of the workspace and what the owner is told.</summary>
public sealed class NodeOrderJournal(Journal journal, NodeOptions options, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">There is no such order.</exception>
    public async Task<NodeOrder> Read(WorkspaceChangeId id, CancellationToken ct) =>
        (await journal.Read<NodeOrder>(id, ct))?.Value ?? throw new InvalidOperationException($"There is no node order {id}.");

    /// <summary>Repeating an event is harmless; one that cannot happen is told by the answer.</summary>
    public Task<Recorded<NodeOrder>> Record(WorkspaceChangeId id, NodeOrderEvent happened, CancellationToken ct) =>
        journal.Record<NodeOrder>(
            id, (order, now) => NodeOrderTransitions.Apply(order, happened, options, now), next => Effects(next, happened), by: null, ct);

    private SideEffects Effects(NodeOrder next, NodeOrderEvent happened)
    {
        if (!next.IsFinished())
            return SideEffects.None;
        var notice = NodeOrderNotices.Of(next, clock.GetUtcNow());
        return new SideEffects(
            Workspace: happened is NodeOrderEvent.NodeAdded ? workspace => AddNode(workspace, next) : null,
            AddTo: batch => notice.AddTo(batch));
    }

    private WorkspaceNode NodeOf(NodeOrder order) =>
        new(order.NodeName, order.Size, order.Region, Included: false, order.OrderId, clock.GetUtcNow(), order.Price);

    private Workspace AddNode(Workspace workspace, NodeOrder order) => workspace with { Nodes = [.. workspace.Nodes ?? [], NodeOf(order)] };
}
