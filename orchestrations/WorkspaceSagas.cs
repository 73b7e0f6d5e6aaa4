using Hexabase.Domain;
using Hexabase.Domain.Workspaces;
using Hexabase.Orchestrations.Downgrades;
using Hexabase.Orchestrations.NodeOrders;
using Hexabase.Orchestrations.Upgrades;
using Hexabase.Worker.Durable;
using Microsoft.Extensions.Logging;

namespace Hexabase.Orchestrations;

/// <summary>The orchestrations of workspaces on the durable platform; the id of a change is the id of its instance.</summary>
public sealed partial class WorkspaceSagas(DurableTaskClient client, ILogger<WorkspaceSagas> logger) : IWorkspaceSagas
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
        catch (HttpRequestException e)
        {
            throw Unavailable(e);
        }
    }

    public async Task<bool> Raise(string changeId, string eventName, CancellationToken ct)
    {
        try
        {
            return await client.RaiseEventAsync(changeId, eventName, cancellation: ct);
        }
        catch (HttpRequestException e)
        {
            LogNotTold(logger, e, changeId, eventName);
            return false;
        }
    }

    public async Task<SagaState> Read(string changeId, CancellationToken ct)
    {
        try
        {
            return StateOf((await client.GetInstanceAsync(changeId, cancellation: ct))?.RuntimeStatus);
        }
        catch (HttpRequestException e)
        {
            throw Unavailable(e);
        }
    }

    private static SagaState StateOf(OrchestrationRuntimeStatus? status) => status switch
    {
        null => SagaState.Missing,
        OrchestrationRuntimeStatus.Completed => SagaState.Finished,
        OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Canceled => SagaState.Failed,
        _ => SagaState.Running,
    };

    private static DependencyUnavailableException Unavailable(HttpRequestException e) => new("The durable platform does not answer.", e);

    private static string NameOf(WorkspaceChangeKind kind) => kind switch
    {
        WorkspaceChangeKind.Upgrade => UpgradeWorkspace.Name,
        WorkspaceChangeKind.Downgrade => DowngradeWorkspace.Name,
        _ => OrderNode.Name,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The orchestration of {ChangeId} could not be told {Event} and finds it out by itself")]
    private static partial void LogNotTold(ILogger logger, Exception e, string changeId, string @event);
}
