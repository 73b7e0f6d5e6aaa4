using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Workspaces;

/// <summary>
/// The Kubernetes cluster that workspaces are on. Everything that changes something may be repeated: it says what is to be, not what to do.
/// </summary>
/// <remarks>
/// Throws <see cref="DependencyUnavailableException"/> when the cluster does not answer, also after retries, and
/// <see cref="ClusterException"/> for what repeating cannot change, with reason <c>NotFound</c> for a change of an app that is not there.
/// Lists are of one workspace, and bounded.
/// </remarks>
public interface ICluster
{
    /// <summary>Sets up a workspace, or brings it to what <paramref name="setup"/> says: namespace, quota, limits, isolation, service account.</summary>
    Task ApplyWorkspace(WorkspaceSetup setup, CancellationToken ct);

    /// <summary>What a workspace uses; nothing when it was never set up.</summary>
    Task<WorkspaceUsage> ReadUsage(string ns, CancellationToken ct);

    /// <summary>Asks for a dedicated node; of one that is there, size and region as they were stay.</summary>
    Task ApplyNode(DedicatedNode node, CancellationToken ct);

    Task<NodeState> ReadNode(string ns, string nodeName, CancellationToken ct);

    /// <summary>
    /// Makes what has joined the workspace's own: labelled for its apps, tainted against all others. For a node that is
    /// <see cref="NodePhase.Joined"/>; of others nothing is changed.
    /// </summary>
    Task PrepareNode(string ns, string nodeName, CancellationToken ct);

    /// <summary>Asks for a node's removal; fine when it is gone. Gone when <see cref="ReadNode"/> says <see cref="NodePhase.Missing"/>.</summary>
    Task DeleteNode(string ns, string nodeName, CancellationToken ct);

    /// <summary>
    /// The workspace's apps: its deployments, by name. More than <see cref="MostWorkloads"/> are refused, with reason <c>TooMany</c>.
    /// </summary>
    Task<IReadOnlyList<Workload>> ListWorkloads(string ns, CancellationToken ct);

    /// <summary>How one app stands; null when there is none of this name.</summary>
    Task<Workload?> ReadWorkload(string ns, string name, CancellationToken ct);

    /// <summary>
    /// Lets an app run elsewhere from now on, by a rollout that first adds the new replicas (surge) and takes an old one only when a new one
    /// is ready. An app whose copies must not overlap (<see cref="Workload.RunsAlone"/>) keeps its own way.
    /// </summary>
    Task MoveWorkload(string ns, string name, Placement to, CancellationToken ct);

    /// <summary>Gives an app back the way of its rollouts that a move has changed; fine when none has, or its owner has chosen another.</summary>
    Task RestoreRollouts(string ns, string name, CancellationToken ct);

    Task ScaleWorkload(string ns, string name, int replicas, CancellationToken ct);

    /// <summary>Holds a rollout where it is, or lets it go on.</summary>
    Task PauseRollout(string ns, string name, bool paused, CancellationToken ct);

    /// <summary>
    /// Asks an app one question as a visitor would, and takes the time; null for an app without a service, which has no visitors.
    /// </summary>
    Task<Probe?> ProbeWorkload(string ns, string name, CancellationToken ct);

    /// <summary>Backs the workspace up every day and keeps so many days.</summary>
    Task ApplyBackups(string ns, int keepDays, CancellationToken ct);

    /// <summary>No more backups; what is kept stays until its days are over. Fine when there are none.</summary>
    Task RemoveBackups(string ns, CancellationToken ct);

    const int MostWorkloads = 500;
}

/// <param name="Namespace">See <see cref="Workspace.Namespace"/>.</param>
/// <param name="StorageGb">All volumes together.</param>
/// <param name="StorageClass">The kind of disks they may be on.</param>
/// <param name="CpuMillis">All requests together, thousandths of a core: on the shared pool and on dedicated nodes; so is memory.</param>
/// <param name="Functions">How many there may be; null for no limit.</param>
/// <param name="CronJobs">How many there may be, the backup's among them; null for no limit.</param>
public sealed record WorkspaceSetup(
    string Namespace,
    string WorkspaceId,
    string AccountId,
    int StorageGb,
    string StorageClass,
    int CpuMillis,
    int MemoryMb,
    int Pods,
    int? Functions = null,
    int? CronJobs = null)
{
    /// <param name="room">The plan, with its nodes, whose processors, memory and pods it has.</param>
    /// <param name="features">What is switched on.</param>
    public static WorkspaceSetup Of(string ns, string workspaceId, string accountId, WorkspacePlan room, WorkspaceFeatures features) => new(
        ns,
        workspaceId,
        accountId,
        features.StorageGb,
        features.StorageClass,
        room.CpuMillis,
        room.MemoryMb,
        room.Pods,
        features.Functions,
        features.CronJobs + (features.BackupDays is null ? 0 : 1));
}

/// <param name="Name">Unique in the namespace, a DNS label.</param>
/// <param name="Size">As plans.json names it.</param>
public sealed record DedicatedNode(string Namespace, string WorkspaceId, string Name, string Size, string Region, int Cpus, int MemoryGb);

/// <summary>How far a dedicated node has come.</summary>
/// <param name="NodeName">The Kubernetes node, once it is known.</param>
/// <param name="Reason">Why it failed, as the cluster says: <see cref="Shortage"/> or another word.</param>
public sealed record NodeState(NodePhase Phase, string? NodeName = null, string? Reason = null, string? Message = null)
{
    /// <summary>There is no machine of that size to be had in that region now.</summary>
    public const string Shortage = "InsufficientCapacity";
}

public enum NodePhase
{
    Missing,
    Provisioning,

    /// <summary>Its machine runs and is in the cluster, but not yet the workspace's own: see <see cref="ICluster.PrepareNode"/>.</summary>
    Joined,

    /// <summary>The workspace's own, and takes its apps.</summary>
    Ready,
    Failed,
    Deleting,
}

/// <summary>Where an app runs.</summary>
public enum Placement
{
    SharedPool,
    DedicatedNodes,
}

/// <summary>An app as it runs.</summary>
/// <param name="Replicas">How many there are to be.</param>
/// <param name="Ready">How many answer, old and new.</param>
/// <param name="Placement">Where it is to run.</param>
/// <param name="ElsewherePods">Pods that are still where it is no longer to run, ending ones too.</param>
/// <param name="FailureMessage">What the cluster says about a failed rollout or a pod that does not start.</param>
/// <param name="RunsAlone">Old copies go before new ones come, as they must not run together (strategy Recreate).</param>
public sealed record Workload(
    string Name,
    int Replicas,
    int Ready,
    Placement Placement,
    RolloutPhase Rollout,
    bool IsPaused,
    int ElsewherePods,
    string? FailureMessage = null,
    bool RunsAlone = false)
{
    /// <summary>Everything runs where it is to run.</summary>
    public bool HasSettled => Rollout == RolloutPhase.Done && ElsewherePods == 0;
}

public enum RolloutPhase
{
    InProgress,
    Done,
    Failed,
}

/// <summary>One question to an app.</summary>
/// <param name="Succeeded">It answered, with anything below 500.</param>
/// <param name="Error">Status or failure; null when it succeeded.</param>
public sealed record Probe(bool Succeeded, TimeSpan Took, string? Error = null);

/// <summary>The cluster refused a call in a way that repeating it cannot change.</summary>
/// <param name="reason">The reason of its Status object, such as <c>Forbidden</c>.</param>
public sealed class ClusterException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
