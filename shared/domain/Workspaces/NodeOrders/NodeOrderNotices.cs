using System.Globalization;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>What the owner of a node order is told at its end.</summary>
internal static class NodeOrderNotices
{
    public static Notice Of(NodeOrder order, DateTimeOffset now) => order.Status switch
    {
        NodeOrderStatus.Completed => Notice.New(
            "node_added",
            "Your workspace has one more node",
            $"{order.NodeName} ({order.Size}, {order.Region}) is ready.",
            order.OrderId,
            now),
        NodeOrderStatus.Refused => Notice.New(
            "node_payment_refused",
            "The payment for your node was refused",
            $"{order.Failure?.Message} Nothing was changed or charged.",
            order.OrderId,
            now),
        _ => Notice.New(
            "node_abandoned",
            "Your node could not be had",
            string.Create(
                CultureInfo.InvariantCulture, $"{order.Failure?.Message} The ¥{order.RefundedJpy ?? 0} that were taken are given back."),
            order.OrderId,
            now),
    };
}
