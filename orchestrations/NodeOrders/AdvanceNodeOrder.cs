using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.NodeOrders;

/// <summary>
/// Does what is next for a node order, when that is one effect through a port, and records it. The document decides what that is, so that a
/// call that comes twice, or late, does no harm. Answers what is next after it.
/// </summary>
[DurableTask(Name)]
public sealed class AdvanceNodeOrder(NodeOrderJournal journal, IPayments payments) : TaskActivity<string, NodeOrderNext>
{
    public const string Name = "AdvanceNodeOrder";

    public override Task<NodeOrderNext> RunAsync(TaskActivityContext context, string input) => Step.Run(async () =>
    {
        var id = ChangeIds.Parse(input, WorkspaceChangeKind.NodeOrder);
        var order = await journal.Read(id, context.Stopping);
        var next = journal.Next(order);
        return await Do(next.Action, id, order, context.Stopping) is { } happened
            ? await journal.RecordThenNext(id, happened, context.Stopping)
            : next;
    });

    /// <summary>What has happened; null for what is the orchestration's to do.</summary>
    private async Task<NodeOrderEvent?> Do(NodeOrderAction action, WorkspaceChangeId id, NodeOrder order, CancellationToken ct)
    {
        switch (action)
        {
            case NodeOrderAction.Pay:
                return EventOf(await payments.AddToSubscription(order.SubscriptionId, order.Price, $"{id}:add", ct));
            case NodeOrderAction.AskForNode:
                return new NodeOrderEvent.NodeAsked();
            case NodeOrderAction.UndoSubscription:
                await payments.RemoveFromSubscription(order.SubscriptionId, order.Price, $"{id}:remove", ct);
                return new NodeOrderEvent.Undone(NodeOrderUndo.TakenOff);
            case NodeOrderAction.UndoPayment:
                var refund = order.PaymentId is { } paymentId ? await payments.RefundInFull(paymentId, $"{id}:refund", ct) : null;
                return new NodeOrderEvent.Undone(NodeOrderUndo.Refunded, refund?.Jpy ?? 0);
            default:
                return null;
        }
    }

    private static NodeOrderEvent EventOf(SubscriptionPayment payment) => payment switch
    {
        SubscriptionPayment.Paid paid => new NodeOrderEvent.PaymentTaken(paid.PaymentId, paid.Jpy),
        SubscriptionPayment.Refused refused =>
            new NodeOrderEvent.PaymentRefused(new NodeOrderFailure(refused.Refusal.Code, refused.Refusal.Message)),
        SubscriptionPayment.Ended =>
            new NodeOrderEvent.PaymentRefused(new NodeOrderFailure("subscription_ended", "The subscription of the workspace is over.")),
        _ => throw new InvalidOperationException($"Adding to a subscription is paid or refused, not {payment.GetType().Name}."),
    };
}
