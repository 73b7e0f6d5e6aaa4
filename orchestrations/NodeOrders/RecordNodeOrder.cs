using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.NodeOrders;

public sealed record NodeOrderBegun(NodeOrderNext Next, SagaOptions Options);

/// <summary>Where a node order stands when its orchestration begins, or begins again.</summary>
[DurableTask(Name)]
public sealed class BeginNodeOrder(NodeOrderJournal journal, UpgradeOptions options) : TaskActivity<string, NodeOrderBegun>
{
    public const string Name = "BeginNodeOrder";

    public override async Task<NodeOrderBegun> RunAsync(TaskActivityContext context, string input)
    {
        var order = await journal.Read(ChangeIds.Parse(input, WorkspaceChangeKind.NodeOrder), context.Stopping);
        return new NodeOrderBegun(journal.Next(order), SagaOptions.Of(options));
    }
}

public sealed record RecordOrderedNodeInput(string OrderId, NodeOutcome Outcome);

/// <summary>Records how a try to get the node ended.</summary>
[DurableTask(Name)]
public sealed class RecordOrderedNode(NodeOrderJournal journal) : TaskActivity<RecordOrderedNodeInput, NodeOrderNext>
{
    public const string Name = "RecordOrderedNode";

    public override async Task<NodeOrderNext> RunAsync(TaskActivityContext context, RecordOrderedNodeInput input)
    {
        var id = ChangeIds.Parse(input.OrderId, WorkspaceChangeKind.NodeOrder);
        var order = await journal.Read(id, context.Stopping);
        return order.NodeState == OrderedNodeState.Asked
            ? await journal.RecordThenNext(id, EventOf(order, input.Outcome), context.Stopping)
            : journal.Next(order);
    }

    private static NodeOrderEvent EventOf(NodeOrder order, NodeOutcome outcome) => outcome switch
    {
        { NodeName: not null } => new NodeOrderEvent.NodeReady(),
        { Reason: NodeState.Shortage } => Failed(
            order, new NodeOrderFailure("node_shortage", $"There is no node of size {order.Size} to be had in {order.Region} now.")),
        _ => Failed(order, new NodeOrderFailure("node_failed", "The node did not become ready.")),
    };

    private static NodeOrderEvent.NodeFailed Failed(NodeOrder order, NodeOrderFailure failure) => new(order.FailedTries + 1, failure);
}

/// <summary>Records that nothing is left of the node, after a failed try or on the way back.</summary>
[DurableTask(Name)]
public sealed class RecordOrderedNodeGone(NodeOrderJournal journal) : TaskActivity<string, NodeOrderNext>
{
    public const string Name = "RecordOrderedNodeGone";

    public override async Task<NodeOrderNext> RunAsync(TaskActivityContext context, string input)
    {
        var id = ChangeIds.Parse(input, WorkspaceChangeKind.NodeOrder);
        var order = await journal.Read(id, context.Stopping);
        return await journal.RecordThenNext(
            id,
            order.Status == NodeOrderStatus.Provisioning
                ? new NodeOrderEvent.FailedNodeRemoved()
                : new NodeOrderEvent.Undone(NodeOrderUndo.NodeRemoved),
            context.Stopping);
    }
}

/// <param name="Failure">What has failed, for operators only.</param>
public sealed record HoldNodeOrderInput(string OrderId, string Failure);

/// <summary>Records that a step has failed for a technical reason which its retries have not healed.</summary>
[DurableTask(Name)]
public sealed class HoldNodeOrder(NodeOrderJournal journal) : TaskActivity<HoldNodeOrderInput, NodeOrderNext>
{
    public const string Name = "HoldNodeOrder";

    public override Task<NodeOrderNext> RunAsync(TaskActivityContext context, HoldNodeOrderInput input) => journal.RecordThenNext(
        ChangeIds.Parse(input.OrderId, WorkspaceChangeKind.NodeOrder),
        new NodeOrderEvent.Held("Something that it needs does not answer.", input.Failure, journal.NextTry()),
        context.Stopping);
}
