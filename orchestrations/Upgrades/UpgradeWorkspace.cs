using Hexabase.Domain.Workspaces;
using Hexabase.Domain.Workspaces.Upgrades;
using Hexabase.Orchestrations.Migration;
using Hexabase.Orchestrations.Nodes;
using Hexabase.Worker.Durable;
using Microsoft.Extensions.Logging;

namespace Hexabase.Orchestrations.Upgrades;

/// <summary>
/// The saga of an upgrade. It knows no order of steps: <see cref="UpgradePlan"/> says what is next, from the upgrade's document, and each
/// step answers with what is next after it. So it may be started again at any time, and goes on where it was. Input is the upgrade's id.
/// </summary>
[DurableTask(Name)]
public sealed class UpgradeWorkspace : TaskOrchestrator<string, object?>
{
    public const string Name = "UpgradeWorkspace";

    public override async Task<object?> RunAsync(TaskOrchestrationContext context, string upgradeId)
    {
        var (next, options) = await context.CallActivityAsync<UpgradeBegun>(BeginUpgrade.Name, upgradeId, StepOptions.First);
        var saga = new Turn(context, upgradeId, options);
        return await context.TakeTurns(upgradeId, next, n => n.Action == UpgradeAction.Finish, saga.Take);
    }

    /// <summary>One step of the saga.</summary>
    private sealed class Turn(TaskOrchestrationContext context, string upgradeId, UpgradeOptions options)
    {
        private readonly TaskOptions retry = options.Retry.ToOptions();
        private readonly ILogger logger = context.CreateReplaySafeLogger<UpgradeWorkspace>();

        /// <summary>What is next once the step is done, or has become a question to support.</summary>
        public async Task<UpgradeNext> Take(UpgradeNext next)
        {
            try
            {
                return next.Action switch
                {
                    UpgradeAction.AwaitPayment => await AwaitPayment(next),
                    UpgradeAction.AwaitSupport => await AwaitSupport(next),
                    UpgradeAction.ProvisionNode => await Provision(next.Node!),
                    UpgradeAction.RemoveNode => await Remove(next.Node!),
                    UpgradeAction.MoveWorkload => await Move(next),
                    _ => await Call(UpgradeActivity.NameOf(next.Action), upgradeId),
                };
            }
            catch (TaskFailedException failure)
            {
                logger.StepFailed(failure, next.Action.ToString(), upgradeId);
                return await Call(ReportTrouble.Name, new ReportTroubleInput(upgradeId, failure.FirstCause()));
            }
        }

        private async Task<UpgradeNext> AwaitPayment(UpgradeNext next)
        {
            await context.ForEventUntil(SagaEvents.PaymentAnswered, next.Until!.Value);
            return await Call(UpgradeActivity.NameOf(UpgradeAction.CheckPayment), upgradeId);
        }

        private async Task<UpgradeNext> AwaitSupport(UpgradeNext next)
        {
            await context.ForEventUntil(SagaEvents.SupportAnswered, next.Until!.Value);
            return await Call(ReadUpgrade.Name, upgradeId);
        }

        private async Task<UpgradeNext> Provision(DedicatedNode node)
        {
            var input = new ProvisionNodeInput(upgradeId, node, options.Node, options.Retry);
            var outcome = await context.CallSubOrchestratorAsync<NodeOutcome>(ProvisionNode.Name, input, retry);
            return await Call(RecordNode.Name, new RecordNodeInput(upgradeId, outcome));
        }

        private async Task<UpgradeNext> Remove(DedicatedNode node)
        {
            await context.CallSubOrchestratorAsync<object?>(
                RemoveNode.Name, new RemoveNodeInput(node.Namespace, node.Name, options.Node.Poll, options.Retry), retry);
            return await Call(RecordNodeGone.Name, upgradeId);
        }

        private async Task<UpgradeNext> Move(UpgradeNext next)
        {
            var move = next.Move!;
            var begun = await context.CallActivityAsync<MoveBegun>(BeginMove.Name, new BeginMoveInput(upgradeId, move), retry);
            if (!begun.IsWanted)
                return begun.Next;
            var input = new MigrateWorkloadInput(upgradeId, begun.Namespace, move, options.Migration, options.Retry);
            var outcome = await context.CallSubOrchestratorAsync<Domain.Workspaces.Migration.MoveOutcome>(MigrateWorkload.Name, input, retry);
            return await Call(RecordMove.Name, new RecordMoveInput(upgradeId, move.Workload, begun.Try, outcome));
        }

        private Task<UpgradeNext> Call(string activity, object input) => context.CallActivityAsync<UpgradeNext>(activity, input, retry);
    }
}
