using Hexabase.Domain.Workspaces.NodeOrders;

namespace Hexabase.Functions.Workspaces;

/// <summary>A node order as its owner sees it. Times are UTC; what has not come yet is left out.</summary>
/// <param name="MonthlyJpy">What the node costs a month, tax extra.</param>
/// <param name="PaidJpy">What was taken for the rest of the running period, tax included.</param>
/// <param name="RefundedJpy">What of it was given back.</param>
/// <param name="FailedTries">How often a node was asked for in vain.</param>
/// <param name="Failure">Why the payment was refused, or the last try failed.</param>
/// <param name="Obstacle">What keeps it from going on now; it is tried again by itself.</param>
public sealed record NodeOrderReply(
    string OrderId,
    NodeOrderStatus Status,
    string NodeName,
    string Size,
    string Region,
    int MonthlyJpy,
    long? PaidJpy,
    long? RefundedJpy,
    int FailedTries,
    DateTimeOffset? RetryAt,
    NodeOrderFailure? Failure,
    string? Obstacle,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    string CorrelationId)
{
    public static NodeOrderReply From(NodeOrder order) => new(
        order.OrderId,
        order.Status,
        order.NodeName,
        order.Size,
        order.Region,
        order.Price.Jpy,
        order.PaidJpy,
        order.RefundedJpy,
        order.FailedTries,
        order.RetryAt,
        order.Failure,
        order.Obstacle,
        order.CreatedAt,
        order.FinishedAt,
        order.CorrelationId);
}
