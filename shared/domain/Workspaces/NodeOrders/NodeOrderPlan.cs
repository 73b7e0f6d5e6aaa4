using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>What the saga of a node order does next.</summary>
public enum NodeOrderAction
{
    /// <summary>Nothing any more.</summary>
    Finish,

    Pay,

    /// <summary>Until the next try.</summary>
    Wait,

    AskForNode,
    ProvisionNode,
    RemoveFailedNode,
    UndoNode,
    UndoSubscription,
    UndoPayment,
}

/// <param name="Until">Of a wait: when it ends.</param>
/// <param name="Node">Of what is done to the node.</param>
public sealed record NodeOrderNext(NodeOrderAction Action, DateTimeOffset? Until = null, DedicatedNode? Node = null);

/// <summary>Says what is next, from the document alone: that is what makes the saga resume anywhere. No I/O, no clock.</summary>
public static class NodeOrderPlan
{
    public static NodeOrderNext Next(NodeOrder order, WorkspacePlans plans, DateTimeOffset now) => order switch
    {
        _ when order.IsFinished() => new NodeOrderNext(NodeOrderAction.Finish),
        { HeldUntil: { } until } when until > now => new NodeOrderNext(NodeOrderAction.Wait, until),
        { Status: NodeOrderStatus.Paying } => new NodeOrderNext(NodeOrderAction.Pay),
        { Status: NodeOrderStatus.Provisioning } => Provisioning(order, plans, now),
        _ when !order.HasUndone(NodeOrderUndo.NodeRemoved) => new NodeOrderNext(NodeOrderAction.UndoNode, Node: NodeOf(order, plans)),
        _ => new NodeOrderNext(order.HasUndone(NodeOrderUndo.TakenOff) ? NodeOrderAction.UndoPayment : NodeOrderAction.UndoSubscription),
    };

    private static NodeOrderNext Provisioning(NodeOrder order, WorkspacePlans plans, DateTimeOffset now) => order.NodeState switch
    {
        OrderedNodeState.Failed => new NodeOrderNext(NodeOrderAction.RemoveFailedNode, Node: NodeOf(order, plans)),
        OrderedNodeState.Asked => new NodeOrderNext(NodeOrderAction.ProvisionNode, Node: NodeOf(order, plans)),
        _ => order.RetryAt is { } until && until > now
            ? new NodeOrderNext(NodeOrderAction.Wait, until)
            : new NodeOrderNext(NodeOrderAction.AskForNode),
    };

    private static DedicatedNode NodeOf(NodeOrder order, WorkspacePlans plans)
    {
        var size = plans.NodeSizes[order.Size];
        return new DedicatedNode(order.Namespace, order.WorkspaceId, order.NodeName, order.Size, order.Region, size.Cpus, size.MemoryGb);
    }
}
