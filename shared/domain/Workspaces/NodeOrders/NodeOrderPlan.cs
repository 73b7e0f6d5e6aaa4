using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>What the saga of a node order does next.</summary>
public enum NodeOrderAction
{
    /// <summary>Nothing any more.</summary>
    Finish,

    Pay,

    /// <summary>Whether the money was taken cannot be found out any more without taking it twice.</summary>
    LeavePaymentToSupport,

    /// <summary>Until the next try.</summary>
    Wait,

    AskForNode,
    ProvisionNode,
    RemoveFailedNode,
    UndoNode,
    UndoSubscription,
    UndoPayment,
}

/// <inheritdoc cref="Downgrades.DowngradePlan"/>
public static class NodeOrderPlan
{
    public static NodeOrderAction Next(NodeOrder order, UpgradeOptions options, DateTimeOffset now) => order switch
    {
        _ when order.IsFinished() => NodeOrderAction.Finish,
        { Status: NodeOrderStatus.Paying } =>
            now - order.CreatedAt < options.PaymentKeyLife ? NodeOrderAction.Pay : NodeOrderAction.LeavePaymentToSupport,
        { Status: NodeOrderStatus.Provisioning, NodeState: OrderedNodeState.Failed } => NodeOrderAction.RemoveFailedNode,
        { Status: NodeOrderStatus.Provisioning, NodeState: OrderedNodeState.Asked } => NodeOrderAction.ProvisionNode,
        { Status: NodeOrderStatus.Provisioning } => order.RetryAt > now ? NodeOrderAction.Wait : NodeOrderAction.AskForNode,
        _ when !order.HasUndone(NodeOrderUndo.NodeRemoved) => NodeOrderAction.UndoNode,
        _ => order.HasUndone(NodeOrderUndo.TakenOff) ? NodeOrderAction.UndoPayment : NodeOrderAction.UndoSubscription,
    };
}
