using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>
/// One more dedicated node for a workspace on plan pro. Document <c>node-order:{serial}</c> in the account's partition, moved by
/// <see cref="NodeOrderTransitions"/> only.
/// </summary>
/// <param name="NodeName">The node it is for, the same at every try.</param>
/// <param name="Price">A month of it, as it was offered when it was ordered.</param>
/// <param name="PaidJpy">What was taken for the rest of the running period, tax included; null before that.</param>
/// <param name="PaymentId">To be given back by; null when nothing was due.</param>
/// <param name="FailedTries">How often a node was asked for in vain.</param>
/// <param name="RetryAt">When the next try begins; null for at once.</param>
/// <param name="Failure">Why the payment was refused, or the last try failed; null once there is a node.</param>
/// <param name="Obstacle">What keeps it from going on, for people; null for nothing.</param>
/// <param name="HeldUntil">When it is tried again.</param>
/// <param name="TimesHeld">How often its present step was held.</param>
/// <param name="Undone">What was taken back of an order that failed, in order.</param>
/// <param name="RefundedJpy">What was given back.</param>
public sealed record NodeOrder(
    string OrderId,
    string WorkspaceId,
    string Namespace,
    NodeOrderStatus Status,
    string NodeName,
    OrderedNodeState NodeState,
    string Size,
    string Region,
    Price Price,
    string SubscriptionId,
    DateTimeOffset CreatedAt,
    string CorrelationId,
    int LogLines = 1,
    long? PaidJpy = null,
    string? PaymentId = null,
    int FailedTries = 0,
    DateTimeOffset? RetryAt = null,
    NodeOrderFailure? Failure = null,
    string? Obstacle = null,
    DateTimeOffset? HeldUntil = null,
    int TimesHeld = 0,
    IReadOnlyList<NodeOrderUndo>? Undone = null,
    long? RefundedJpy = null,
    DateTimeOffset? FinishedAt = null) : IWorkspaceChange<NodeOrder>
{
    /// <summary>So often a step is held before the node is given up, or, when that is no way out, support is asked.</summary>
    public const int MostHolds = 5;

    public static string IdPrefix => "node-order:";

    public bool IsFinished() => Status is NodeOrderStatus.Refused or NodeOrderStatus.Completed or NodeOrderStatus.Abandoned;

    public bool HasUndone(NodeOrderUndo step) => Undone?.Contains(step) ?? false;

    /// <summary>It does not go on by itself. It is tried again for ever all the same.</summary>
    public bool NeedsSupport() => TimesHeld >= MostHolds;

    /// <summary>Nothing keeps it from going on any more.</summary>
    public NodeOrder GoesOn() => this with { Obstacle = null, HeldUntil = null, TimesHeld = 0 };

    public NodeOrder WithLogLines(int lines) => this with { LogLines = lines };
}

/// <summary>Why an order failed, in words that may be shown to its owner.</summary>
/// <param name="Code">Stable: the payment provider's, or the cluster's reason.</param>
public sealed record NodeOrderFailure(string Code, string Message);

/// <summary>Where a node order stands.</summary>
public enum NodeOrderStatus
{
    /// <summary>It is added to the subscription, and its share of the running period is taken.</summary>
    Paying,

    /// <summary>The payment was refused; nothing has changed.</summary>
    Refused,

    /// <summary>A node is asked for, and asked for again while there is none to be had.</summary>
    Provisioning,

    Completed,

    /// <summary>All tries to get a node have failed: what was done is taken back.</summary>
    Compensating,

    /// <summary>Everything is as before, and the money is given back.</summary>
    Abandoned,
}

/// <summary>How far the present try to get the node has come.</summary>
public enum OrderedNodeState
{
    None,
    Asked,

    /// <summary>What is left of it is still to be removed.</summary>
    Failed,
}

/// <summary>What is taken back of an order that failed, in this order. Each may be repeated.</summary>
public enum NodeOrderUndo
{
    NodeRemoved,

    /// <summary>It is off the subscription.</summary>
    TakenOff,

    /// <summary>The payment is given back in full.</summary>
    Refunded,
}
