using System.Globalization;
using System.Text.Json;
using Hexabase.Domain.Billing;
using Hexabase.Domain.Workspaces.Changes;
using Hexabase.Domain.Workspaces.Support;
using Hexabase.Domain.Workspaces.Upgrades;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>Puts events to node orders, each in one commit with what it changes of the workspace and what the owner is told.</summary>
public sealed class NodeOrderJournal(
    Journal journal, SupportTickets tickets, Plans plans, UpgradeOptions options, TimeProvider clock)
{
    /// <exception cref="InvalidOperationException">There is no such order.</exception>
    public async Task<NodeOrder> Read(WorkspaceChangeId id, CancellationToken ct) =>
        (await journal.Read<NodeOrder>(id, ct))?.Value ?? throw new InvalidOperationException($"There is no node order {id}.");

    public NodeOrderNext Next(NodeOrder order) => NodeOrderPlan.Next(order, plans.Workspaces, clock.GetUtcNow());

    /// <summary>When something that cannot be done now is tried again.</summary>
    public DateTimeOffset NextTry() => clock.GetUtcNow() + options.UndoRetryAfter;

    /// <summary>
    /// Repeating an event is harmless; one that cannot happen is told by the answer. A step that is held too often is put on the operators'
    /// list, and taken off it before what comes after it is recorded: a crash in between leaves no question behind.
    /// </summary>
    public async Task<Recorded<NodeOrder>> Record(WorkspaceChangeId id, NodeOrderEvent happened, CancellationToken ct)
    {
        if (happened is not NodeOrderEvent.Held && (await Read(id, ct)).NeedsSupport())
            await tickets.Close(id.ToString(), ct);
        var recorded = await journal.Record<NodeOrder>(
            id,
            (order, now) => NodeOrderTransitions.Apply(order, happened, options.Node, now),
            next => Effects(next, happened),
            by: null,
            ct);
        if (happened is NodeOrderEvent.Held { Detail: var detail } && recorded.Value.NeedsSupport())
            await tickets.Open(Question(id, recorded.Value, detail), ct);
        return recorded;
    }

    /// <summary>The same, and then what is next.</summary>
    public async Task<NodeOrderNext> RecordThenNext(WorkspaceChangeId id, NodeOrderEvent happened, CancellationToken ct) =>
        Next((await Record(id, happened, ct)).Value);

    private SideEffects Effects(NodeOrder next, NodeOrderEvent happened)
    {
        var now = clock.GetUtcNow();
        return new SideEffects(
            Workspace: happened switch
            {
                NodeOrderEvent.NodeAsked => workspace => workspace with { Nodes = [.. Others(workspace, next), NodeOf(next, now)] },
                NodeOrderEvent.NodeFailed => workspace => workspace with { Nodes = [.. Others(workspace, next)] },
                NodeOrderEvent.Held when next.Status == NodeOrderStatus.Compensating && next.Undone is null =>
                    workspace => workspace with { Nodes = [.. Others(workspace, next)] },
                _ => null,
            },
            AddTo: next.IsFinished() ? batch => NodeOrderNotices.Of(next, now).AddTo(batch) : null);
    }

    private SupportTicket Question(WorkspaceChangeId id, NodeOrder order, string detail) => new(
        id.ToString(),
        id.ToString(),
        id.Account,
        order.WorkspaceId,
        detail,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(order.Status.ToString()),
            ["node"] = $"{order.Size} in {order.Region}",
            ["paid_jpy"] = (order.PaidJpy ?? 0).ToString(CultureInfo.InvariantCulture),
            ["subscription"] = order.SubscriptionId,
        },
        clock.GetUtcNow(),
        order.CorrelationId);

    private static IEnumerable<WorkspaceNode> Others(Workspace workspace, NodeOrder order) =>
        workspace.Nodes?.Where(node => node.Name != order.NodeName) ?? [];

    private static WorkspaceNode NodeOf(NodeOrder order, DateTimeOffset now) =>
        new(order.NodeName, order.Size, order.Region, Included: false, order.OrderId, now, order.Price);
}
