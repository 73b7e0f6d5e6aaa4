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

    /// <summary>A try begins: from now on the node is one of the workspace's.</summary>
    public sealed record NodeAsked : NodeOrderEvent;

    /// <summary>The node is ready.</summary>
    public sealed record NodeReady : NodeOrderEvent;

    /// <summary>A try to get a node has failed.</summary>
    /// <param name="Try">Which one, counted from 1.</param>
    public sealed record NodeFailed(int Try, NodeOrderFailure Failure) : NodeOrderEvent;

    /// <summary>Nothing is left of the node that failed.</summary>
    public sealed record FailedNodeRemoved : NodeOrderEvent;

    /// <summary>Something could not be done now.</summary>
    /// <param name="Detail">What has failed, for operators only.</param>
    public sealed record Held(string Obstacle, string Detail, DateTimeOffset Until) : NodeOrderEvent;

    /// <param name="RefundedJpy">What was given back, at the last step.</param>
    public sealed record Undone(NodeOrderUndo Step, long? RefundedJpy = null) : NodeOrderEvent;
}

/// <summary>The only way a node order moves.</summary>
public static class NodeOrderTransitions
{
    public static Transition<NodeOrder> Apply(NodeOrder order, NodeOrderEvent happened, NodeOptions options, DateTimeOffset now)
    {
        var transition = Move(order, happened, options, now);
        return transition is Moved moved && happened is not NodeOrderEvent.Held ? moved with { Next = moved.Next.GoesOn() } : transition;
    }

    private static Transition<NodeOrder> Move(NodeOrder order, NodeOrderEvent happened, NodeOptions options, DateTimeOffset now) =>
        (order.Status, happened) switch
        {
            (NodeOrderStatus.Paying, NodeOrderEvent.PaymentTaken e) => new Moved(
                order with { Status = NodeOrderStatus.Provisioning, PaymentId = e.PaymentId, PaidJpy = e.Jpy },
                "payment_taken",
                Yen(e.Jpy)),
            (not NodeOrderStatus.Refused, NodeOrderEvent.PaymentTaken) => new Repeated(),

            (NodeOrderStatus.Paying, NodeOrderEvent.PaymentRefused e) => new Moved(
                Finish(order, NodeOrderStatus.Refused, now) with { Failure = e.Failure }, "payment_refused", e.Failure.Message),
            (NodeOrderStatus.Refused, NodeOrderEvent.PaymentRefused) => new Repeated(),

            (NodeOrderStatus.Provisioning, NodeOrderEvent.NodeAsked) when order.NodeState == OrderedNodeState.None => new Moved(
                order with { NodeState = OrderedNodeState.Asked, RetryAt = null }, "node_asked", $"{order.Size} in {order.Region}"),
            (NodeOrderStatus.Provisioning, NodeOrderEvent.NodeAsked) when order.NodeState == OrderedNodeState.Asked => new Repeated(),

            (NodeOrderStatus.Provisioning, NodeOrderEvent.NodeReady) when order.NodeState == OrderedNodeState.Asked => new Moved(
                Finish(order, NodeOrderStatus.Completed, now) with { Failure = null }, "node_ready", order.NodeName),
            (NodeOrderStatus.Completed, NodeOrderEvent.NodeReady) => new Repeated(),

            (not (NodeOrderStatus.Paying or NodeOrderStatus.Refused), NodeOrderEvent.NodeFailed e) when e.Try <= order.FailedTries =>
                new Repeated(),
            (NodeOrderStatus.Provisioning, NodeOrderEvent.NodeFailed e)
                when e.Try == order.FailedTries + 1 && order.NodeState == OrderedNodeState.Asked =>
                new Moved(Failed(order, e, options, now), "node_failed", e.Failure.Message),

            (NodeOrderStatus.Provisioning, NodeOrderEvent.FailedNodeRemoved) when order.NodeState == OrderedNodeState.Failed =>
                new Moved(order with { NodeState = OrderedNodeState.None }, "failed_node_removed"),
            (NodeOrderStatus.Provisioning, NodeOrderEvent.FailedNodeRemoved) when order.NodeState == OrderedNodeState.None =>
                new Repeated(),

            (NodeOrderStatus.Compensating or NodeOrderStatus.Abandoned, NodeOrderEvent.Undone e) when order.HasUndone(e.Step) =>
                new Repeated(),
            (NodeOrderStatus.Compensating, NodeOrderEvent.Undone e) when (int)e.Step == (order.Undone?.Count ?? 0) => Undo(order, e, now),

            (_, NodeOrderEvent.Held e) => order.IsFinished() || order.HeldUntil >= e.Until ? new Repeated() : Hold(order, e),

            _ => new Refused($"A node order that is {order.Status} cannot be told {happened.GetType().Name}."),
        };

    /// <summary>What is paid for must not wait for ever for a node: that is given up, and all the rest tried until it is done.</summary>
    private static Moved Hold(NodeOrder order, NodeOrderEvent.Held held)
    {
        var times = order.TimesHeld + 1;
        if (order.Status != NodeOrderStatus.Provisioning || times < NodeOrder.MostHolds)
            return new Moved(order with { Obstacle = held.Obstacle, HeldUntil = held.Until, TimesHeld = times }, "held", held.Obstacle);
        var failure = order.Failure ?? new NodeOrderFailure("node_failed", "The node could not be set up.");
        return new Moved(order.GoesOn() with { Status = NodeOrderStatus.Compensating, Failure = failure }, "given_up", held.Obstacle);
    }

    private static NodeOrder Failed(NodeOrder order, NodeOrderEvent.NodeFailed failed, NodeOptions options, DateTimeOffset now)
    {
        var next = order with { NodeState = OrderedNodeState.Failed, FailedTries = failed.Try, Failure = failed.Failure };
        return failed.Try < options.Attempts
            ? next with { RetryAt = now + options.DelayAfter(failed.Try) }
            : next with { Status = NodeOrderStatus.Compensating };
    }

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
