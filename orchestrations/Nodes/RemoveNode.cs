using Hexabase.Domain.Workspaces;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations.Nodes;

public sealed record RemoveNodeInput(string Namespace, string NodeName, TimeSpan Poll, StepRetry Retry);

/// <summary>Gives a dedicated node back and waits until it is gone, however long that takes.</summary>
[DurableTask(Name)]
public sealed class RemoveNode : TaskOrchestrator<RemoveNodeInput, object?>
{
    public const string Name = "RemoveNode";

    private const int MostLooks = 60;

    public override async Task<object?> RunAsync(TaskOrchestrationContext context, RemoveNodeInput input)
    {
        var options = input.Retry.ToOptions();
        for (var looks = 0; looks < MostLooks; looks++)
        {
            if (await context.CallActivityAsync<bool>(DeleteNode.Name, input, options))
                return null;
            await context.CreateTimer(input.Poll, CancellationToken.None);
        }
        context.ContinueAsNew(input);
        return null;
    }
}

/// <summary>Asks for a node's removal; true once it is gone.</summary>
[DurableTask(Name)]
public sealed class DeleteNode(ICluster cluster) : TaskActivity<RemoveNodeInput, bool>
{
    public const string Name = "DeleteNode";

    public override Task<bool> RunAsync(TaskActivityContext context, RemoveNodeInput input) => Step.Run(async () =>
    {
        await cluster.DeleteNode(input.Namespace, input.NodeName, context.Stopping);
        return (await cluster.ReadNode(input.Namespace, input.NodeName, context.Stopping)).Phase == NodePhase.Missing;
    });
}
