using System.Globalization;
using Hexabase.Domain.Workspaces.Changes;
using Moved = Hexabase.Domain.Workspaces.Changes.Transition<Hexabase.Domain.Workspaces.NodeOrders.NodeOrder>.Moved;
using Refused = Hexabase.Domain.Workspaces.Changes.Transition<Hexabase.Domain.Workspaces.NodeOrders.NodeOrder>.Refused;
using Repeated = Hexabase.Domain.Workspaces.Changes.Transition<Hexabase.Domain.Workspaces.NodeOrders.NodeOrder>.Repeated;

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

    /// <param name="RefundedJpy">What was given back, at the last step.</param>
    public sealed record Undone(NodeOrderUndo Step, long? RefundedJpy = null) : NodeOrderEvent;
}

/// <summary>The only way a node order moves.</summary>
public static class NodeOrderTransitions
{
    public static Transition<NodeOrder> Apply(NodeOrder order, NodeOrderEvent happened, DateTimeOffset now) => (order.Status, happened) switch
    {
        (NodeOrderStatus.Paying, NodeOrderEvent.PaymentTaken e) => new Moved(
            order with { Status = NodeOrderStatus.Provisioning, PaymentId = e.PaymentId, PaidJpy = e.Jpy }, "payment_taken", Yen(e.Jpy)),
        (not NodeOrderStatus.Refused, NodeOrderEvent.PaymentTaken) => new Repeated(),

        (NodeOrderStatus.Paying, NodeOrderEvent.PaymentRefused e) => new Moved(
            Finish(order, NodeOrderStatus.Refused, now) with { Failure = e.Failure }, "payment_refused", e.Failure.ToString()),
        (NodeOrderStatus.Refused, NodeOrderEvent.PaymentRefused) => new Repeated(),

        (NodeOrderStatus.Provisioning, NodeOrderEvent.NodeAdded) =>
            new Moved(Finish(order, NodeOrderStatus.Completed, now), "node_added", order.NodeName),
        (NodeOrderStatus.Completed, NodeOrderEvent.NodeAdded) => new Repeated(),

        (NodeOrderStatus.Provisioning, NodeOrderEvent.GivenUp e) => new Moved(
            order with { Status = NodeOrderStatus.Compensating, Failure = e.Failure }, "given_up", e.Failure.ToString()),
        (NodeOrderStatus.Compensating or NodeOrderStatus.Abandoned, NodeOrderEvent.GivenUp) => new Repeated(),

        (NodeOrderStatus.Compensating or NodeOrderStatus.Abandoned, NodeOrderEvent.Undone e) when order.HasUndone(e.Step) => new Repeated(),
        (NodeOrderStatus.Compensating, NodeOrderEvent.Undone e) when (int)e.Step == (order.Undone?.Count ?? 0) => Undo(order, e, now),

        _ => new Refused($"A node order that is {order.Status} cannot be told {happened.GetType().Name}."),
    };

    private static Moved Undo(NodeOrder order, NodeOrderEvent.Undone undone, DateTimeOffset now)
    {
        var next = order with { Undone = [.. order.Undone ?? [], undone.Step], RefundedJpy = undone.RefundedJpy };
        return undone.Step == NodeOrderUndo.Refunded
            ? new Moved(Finish(next, NodeOrderStatus.Abandoned, now), "refunded", Yen(undone.RefundedJpy ?? 0))
            : new Moved(next, "undone", undone.Step.ToString());
    }

    private static NodeOrder Finish(NodeOrder order, NodeOrderStatus status, DateTimeOffset now) =>
        order with { Status = status, FinishedAt = now };

    private static string Yen(long jpy) => string.Create(CultureInfo.InvariantCulture, $"¥{jpy}");
}
