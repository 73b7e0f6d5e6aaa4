using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.NodeOrders;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Worker.Durable;
using Microsoft.Extensions.Logging;

namespace Hexabase.Orchestrations.NodeOrders;

/// <summary>
/// The saga of a node order: payment, node; after all tries in vain everything is taken back. As with an upgrade, the document alone says
/// what is next, so it may be started again at any time. Input is the order's id.
/// </summary>
[DurableTask(Name)]
public sealed class OrderNode : TaskOrchestrator<string, object?>
{
    public const string Name = "OrderNode";

    public override async Task<object?> RunAsync(TaskOrchestrationContext context, string orderId)
    {
        var (next, options) = await context.CallActivityAsync<NodeOrderBegun>(BeginNodeOrder.Name, orderId, StepOptions.First);
        var saga = new Turn(context, orderId, options);
        return await context.TakeTurns(orderId, next, n => n.Action == NodeOrderAction.Finish, saga.Take);
    }

    /// <summary>One step of the saga.</summary>
    private sealed class Turn(TaskOrchestrationContext context, string orderId, SagaOptions options)
    {
        private readonly TaskOptions retry = options.Retry.ToOptions();
        private readonly ILogger logger = context.CreateReplaySafeLogger<OrderNode>();

        public async Task<NodeOrderNext> Take(NodeOrderNext next)
        {
            try
            {
                return next.Action switch
                {
                    NodeOrderAction.Wait => await Wait(next),
                    NodeOrderAction.ProvisionNode => await Provision(next.Node!),
                    NodeOrderAction.RemoveFailedNode or NodeOrderAction.UndoNode => await Remove(next.Node!),
                    _ => await Call(AdvanceNodeOrder.Name, orderId),
                };
            }
            catch (TaskFailedException failure)
            {
                logger.StepFailed(failure, next.Action.ToString(), orderId);
                return await Call(HoldNodeOrder.Name, new HoldNodeOrderInput(orderId, failure.FirstCause()));
            }
        }

        private async Task<NodeOrderNext> Wait(NodeOrderNext next)
        {
            await context.CreateTimer(next.Until!.Value.UtcDateTime, CancellationToken.None);
            return await Call(AdvanceNodeOrder.Name, orderId);
        }

        private async Task<NodeOrderNext> Provision(DedicatedNode node)
        {
            var input = new ProvisionNodeInput(orderId, node, options.Node, options.Retry);
            var outcome = await context.CallSubOrchestratorAsync<NodeOutcome>(ProvisionNode.Name, input, retry);
            return await Call(RecordOrderedNode.Name, new RecordOrderedNodeInput(orderId, outcome));
        }

        private async Task<NodeOrderNext> Remove(DedicatedNode node)
        {
            await context.CallSubOrchestratorAsync<object?>(
                RemoveNode.Name, new RemoveNodeInput(node.Namespace, node.Name, options.Node.Poll, options.Retry), retry);
            return await Call(RecordOrderedNodeGone.Name, orderId);
        }

        private Task<NodeOrderNext> Call(string activity, object input) => context.CallActivityAsync<NodeOrderNext>(activity, input, retry);
    }
}
