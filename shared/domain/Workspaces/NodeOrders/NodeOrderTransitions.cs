namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>What happens to a node order.</summary>
public abstract record NodeOrderEvent
{
    /// <inheritdoc cref="NodeOrder"/>
    public sealed record PaymentTaken(string? PaymentId, long Jpy) : NodeOrderEvent;

    public sealed record PaymentRefused(NodeOrderFailure Failure) : NodeOrderEvent;

    /// <summary>The node is ready and the workspace's.</summary>
    public sealed record NodeAdded : NodeOrderEvent;

    /// <summary>All tries to get a node are used up.</summary>
    public sealed record GivenUp(NodeOrderFailure Failure) : NodeOrderEvent;

    public sealed record NodeRemoved : NodeOrderEvent;

    public sealed record TakenOff : NodeOrderEvent;

    /// <param name="Jpy">What was given back.</param>
    public sealed record Refunded(long Jpy) : NodeOrderEvent;
}

/// <summary>The only way a node order moves.</summary>
public static class NodeOrderTransitions
{
    /// <summary>The order after an event; the same instance when the event has had its effect before.</summary>
    /// <exception cref="IllegalTransitionException">The event cannot happen to an order that stands so.</exception>
    public static NodeOrder Apply(NodeOrder order, NodeOrderEvent happened, DateTimeOffset now) => (order.Status, happened) switch
    {
        (NodeOrderStatus.Paying, NodeOrderEvent.PaymentTaken e) =>
            order with { Status = NodeOrderStatus.Provisioning, PaymentId = e.PaymentId, PaidJpy = e.Jpy },
        ({ } status, NodeOrderEvent.PaymentTaken) when status != NodeOrderStatus.Refused => order,

        (NodeOrderStatus.Paying, NodeOrderEvent.PaymentRefused e) => Finish(order, NodeOrderStatus.Refused, now) with { Failure = e.Failure },
        (NodeOrderStatus.Refused, NodeOrderEvent.PaymentRefused) => order,

        (NodeOrderStatus.Provisioning, NodeOrderEvent.NodeAdded) => Finish(order, NodeOrderStatus.Completed, now),
        (NodeOrderStatus.Completed, NodeOrderEvent.NodeAdded) => order,

        (NodeOrderStatus.Provisioning, NodeOrderEvent.GivenUp e) => order with { Status = NodeOrderStatus.Compensating, Failure = e.Failure },
        (NodeOrderStatus.Compensating or NodeOrderStatus.Abandoned, NodeOrderEvent.GivenUp) => order,

        (NodeOrderStatus.Compensating or NodeOrderStatus.Abandoned, NodeOrderEvent.NodeRemoved) => Undo(order, NodeOrderUndo.NodeRemoved),
        (NodeOrderStatus.Compensating or NodeOrderStatus.Abandoned, NodeOrderEvent.TakenOff) when order.HasUndone(NodeOrderUndo.NodeRemoved) =>
            Undo(order, NodeOrderUndo.TakenOff),
        (NodeOrderStatus.Compensating, NodeOrderEvent.Refunded e) when order.HasUndone(NodeOrderUndo.TakenOff) =>
            Finish(Undo(order, NodeOrderUndo.Refunded), NodeOrderStatus.Abandoned, now) with { RefundedJpy = e.Jpy },
        (NodeOrderStatus.Abandoned, NodeOrderEvent.Refunded) => order,

        _ => throw new IllegalTransitionException(order.Id, order.Status.ToString(), happened.GetType().Name),
    };

    private static NodeOrder Undo(NodeOrder order, NodeOrderUndo step) =>
        order.HasUndone(step) ? order : order with { Undone = [.. order.Undone ?? [], step] };

    private static NodeOrder Finish(NodeOrder order, NodeOrderStatus status, DateTimeOffset now) =>
        order with { Status = status, FinishedAt = now, SagaWatch = null };
}
