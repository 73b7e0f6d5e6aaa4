using Hexabase.Domain;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>In an app that was given no cluster: says so, whatever is asked.</summary>
internal sealed class NoCluster : ICluster
{
    /// <inheritdoc />
    public Task ApplyWorkspace(WorkspaceSetup setup, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task<WorkspaceUsage> ReadUsage(string ns, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task ApplyNode(DedicatedNode node, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task<NodeState> ReadNode(string ns, string nodeName, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task PrepareNode(string ns, string nodeName, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task DeleteNode(string ns, string nodeName, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task<IReadOnlyList<Workload>> ListWorkloads(string ns, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task<Workload?> ReadWorkload(string ns, string name, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task MoveWorkload(string ns, string name, Placement to, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task RestoreRollouts(string ns, string name, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task ScaleWorkload(string ns, string name, int replicas, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task PauseRollout(string ns, string name, bool paused, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task<Probe?> ProbeWorkload(string ns, string name, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task ApplyBackups(string ns, int keepDays, CancellationToken ct) => throw Missing();

    /// <inheritdoc />
    public Task RemoveBackups(string ns, CancellationToken ct) => throw Missing();

    private static DependencyUnavailableException Missing() => new("There is no cluster: the settings have no section Cluster.");
}
