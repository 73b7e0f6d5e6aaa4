using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Downgrades;
using Hexabase.Domain.Workspaces.Migration;
using Hexabase.Orchestrations.Migration;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Worker.Durable;
using Microsoft.Extensions.Logging;

namespace Hexabase.Orchestrations.Downgrades;

/// <summary>
/// The saga of a downgrade, which waits up to a month and then moves everything back. As with an upgrade, the document alone says what is
/// next, so it may be started again at any time. Input is the downgrade's id.
/// </summary>
[DurableTask(Name)]
public sealed class DowngradeWorkspace : TaskOrchestrator<string, object?>
{
    public const string Name = "DowngradeWorkspace";

    public override async Task<object?> RunAsync(TaskOrchestrationContext context, string downgradeId)
    {
        var (next, options) = await context.CallActivityAsync<DowngradeBegun>(BeginDowngrade.Name, downgradeId, StepOptions.First);
        var saga = new Turn(context, downgradeId, options);
        return await context.TakeTurns(downgradeId, next, n => n.Action == DowngradeAction.Finish, saga.Take);
    }

    /// <summary>One step of the saga.</summary>
    private sealed class Turn(TaskOrchestrationContext context, string downgradeId, SagaOptions options)
    {
        private readonly TaskOptions retry = options.Retry.ToOptions();
        private readonly ILogger logger = context.CreateReplaySafeLogger<DowngradeWorkspace>();

        public async Task<DowngradeNext> Take(DowngradeNext next)
        {
            try
            {
                return next.Action switch
                {
                    DowngradeAction.Wait => await Wait(next),
                    DowngradeAction.MoveWorkload => await Move(next),
                    DowngradeAction.RemoveNodes => await Remove(next),
                    _ => await Call(AdvanceDowngrade.Name, downgradeId),
                };
            }
            catch (TaskFailedException failure)
            {
                logger.StepFailed(failure, next.Action.ToString(), downgradeId);
                return await Call(HoldDowngrade.Name, new HoldDowngradeInput(downgradeId, failure.FirstCause()));
            }
        }

        private async Task<DowngradeNext> Wait(DowngradeNext next)
        {
            await context.ForEventUntil(SagaEvents.Withdrawn, next.Until!.Value);
            return await Call(AdvanceDowngrade.Name, downgradeId);
        }

        private async Task<DowngradeNext> Move(DowngradeNext next)
        {
            var input = new MigrateWorkloadInput(downgradeId, next.Namespace!, next.Move!, options.Migration, options.Retry);
            var outcome = await context.CallSubOrchestratorAsync<MoveOutcome>(MigrateWorkload.Name, input, retry);
            return await Call(RecordMoveBack.Name, new RecordMoveBackInput(downgradeId, next.Move!.Workload, outcome));
        }

        private async Task<DowngradeNext> Remove(DowngradeNext next)
        {
            foreach (var node in next.Nodes!)
            {
                await context.CallSubOrchestratorAsync<object?>(
                    RemoveNode.Name, new RemoveNodeInput(next.Namespace!, node, options.Node.Poll, options.Retry), retry);
            }
            return await Call(RecordNodesRemoved.Name, downgradeId);
        }

        private Task<DowngradeNext> Call(string activity, object input) => context.CallActivityAsync<DowngradeNext>(activity, input, retry);
    }
}
