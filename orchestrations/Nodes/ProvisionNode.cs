using Hexabase.Domain.Workspaces;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Nodes;

/// <param name="ChangeId">Of the change that wants the node.</param>
/// <param name="Until">When the try is given up; null when it begins.</param>
public sealed record ProvisionNodeInput(
    string ChangeId, DedicatedNode Node, NodeOptions Options, StepRetry Retry, DateTimeOffset? Until = null);

/// <summary>How a try to get a node ended.</summary>
/// <param name="NodeName">The Kubernetes node when it is ready; null when the try failed.</param>
/// <param name="Reason">Why it failed: <see cref="NodeState.Shortage"/> or another word.</param>
public sealed record NodeOutcome(string? NodeName, string? Reason = null, string? Message = null);

/// <summary>One try to get a dedicated node. What it leaves when it fails is for <see cref="RemoveNode"/>.</summary>
[DurableTask(Name)]
public sealed class ProvisionNode : TaskOrchestrator<ProvisionNodeInput, NodeOutcome?>
{
    public const string Name = "ProvisionNode";

    private const int MostLooks = 60;

    public override async Task<NodeOutcome?> RunAsync(TaskOrchestrationContext context, ProvisionNodeInput input)
    {
        var options = input.Retry.ToOptions();
        var until = input.Until ?? context.Now() + input.Options.ReadyWithin;
        for (var looks = 0; looks < MostLooks; looks++)
        {
            var state = await context.CallActivityAsync<NodeState>(
                AdvanceNode.Name, new AdvanceNodeInput(input.ChangeId, input.Node), options);
            switch (state.Phase)
            {
                case NodePhase.Ready:
                    return new NodeOutcome(state.NodeName ?? input.Node.Name);
                case NodePhase.Failed:
                    return new NodeOutcome(NodeName: null, state.Reason ?? "Failed", state.Message);
                case var _ when context.Now() >= until:
                    return new NodeOutcome(
                        NodeName: null, state.Reason ?? "Timeout", state.Message ?? "The node did not become ready in time.");
            }
            await context.CreateTimer(input.Options.Poll, CancellationToken.None);
        }
        context.ContinueAsNew(input with { Until = until });
        return null;
    }
}

public sealed record AdvanceNodeInput(string ChangeId, DedicatedNode Node);

/// <summary>Looks at a node and brings it one step on: asks for it, or makes it the workspace's own. A change
/// that does not want it any more gets <see cref="NodePhase.Failed"/>.</summary>
[DurableTask(Name)]
public sealed class AdvanceNode(ICluster cluster, WantedNodes wanted) : TaskActivity<AdvanceNodeInput, NodeState>
{
    public const string Name = "AdvanceNode";

    public override Task<NodeState> RunAsync(TaskActivityContext context, AdvanceNodeInput input) => Step.Run(async () =>
    {
        var (node, ct) = (input.Node, context.Stopping);
        var state = await cluster.ReadNode(node.Namespace, node.Name, ct);
        if (state.Phase is not (NodePhase.Missing or NodePhase.Joined))
            return state;

        // An orchestration that the platform has given up may leave this one behind: it must not bring back what was taken back since.
        if (!await wanted.Includes(input.ChangeId, node, ct))
            return new NodeState(NodePhase.Failed, Reason: "NotWanted", Message: "The node is not wanted any more.");
        if (state.Phase == NodePhase.Missing)
            await cluster.ApplyNode(node, ct);
        else
            await cluster.PrepareNode(node.Namespace, node.Name, ct);
        return await cluster.ReadNode(node.Namespace, node.Name, ct);
    });
}
