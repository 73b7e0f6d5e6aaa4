using Hexabase.Domain.Workspaces;
using Hexabase.Orchestrations.Downgrades;
using Hexabase.Orchestrations.NodeOrders;
using Hexabase.Orchestrations.Upgrades;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>The orchestrations of workspaces on the durable platform; the id of a change is the id of its instance.</summary>
public sealed class WorkspaceSagas(DurableTaskClient client) : IWorkspaceSagas
{
    public async Task Start(WorkspaceChangeKind kind, string changeId, CancellationToken ct)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(NameOf(kind), changeId, new StartOrchestrationOptions(changeId), ct);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // It runs, which is what was asked for.
        }
    }

    public Task<bool> Raise(string changeId, string eventName, CancellationToken ct) =>
        client.RaiseEventAsync(changeId, eventName, cancellation: ct);

    public async Task<SagaState> Read(string changeId, CancellationToken ct) =>
        (await client.GetInstanceAsync(changeId, cancellation: ct))?.RuntimeStatus switch
        {
            null => SagaState.Missing,
            OrchestrationRuntimeStatus.Completed => SagaState.Finished,
            OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Canceled => SagaState.Failed,
            _ => SagaState.Running,
        };

    private static string NameOf(WorkspaceChangeKind kind) => kind switch
    {
        WorkspaceChangeKind.Upgrade => UpgradeWorkspace.Name,
        WorkspaceChangeKind.Downgrade => DowngradeWorkspace.Name,
        _ => OrderNode.Name,
    };
}
