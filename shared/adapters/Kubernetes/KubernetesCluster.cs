using System.Text.Json.Nodes;
using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>
/// Workspaces on a Kubernetes cluster whose dedicated nodes are made by Cluster API; docs/kubernetes.md shows every object.
/// </summary>
internal sealed class KubernetesCluster(KubernetesApi api, ClusterOptions options) : ICluster
{
    /// <summary>A workspace has fewer by its quota that are not over; ending ones come on top.</summary>
    private const int MostPods = 2000;

    /// <summary>
    /// More of a kind than this are counted as so many: finished builds pile up, and nobody is to escape a change by what they keep.
    /// </summary>
    private const int MostCounted = 2000;

    /// <summary>More machines than one replica ever has at a time.</summary>
    private const int MostMachines = 10;

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc />
    public async Task ApplyWorkspace(WorkspaceSetup setup, CancellationToken ct)
    {
        var (ns, quota) = (setup.Namespace, WorkspaceManifests.Quota(setup, options.StorageClasses));
        await api.Apply(WorkspaceManifests.Namespace(setup), ct);
        await api.Apply(WorkspaceManifests.Isolation(ns, options.IngressNamespace, options.ControlPlaneCidr), ct);
        await api.Apply(WorkspaceManifests.Limits(ns), ct);
        await api.Apply(quota, ct);
        await api.Apply(WorkspaceManifests.Account(ns), ct);
    }

    /// <inheritdoc />
    public async Task<WorkspaceUsage> ReadUsage(string ns, CancellationToken ct) =>
        await api.Get<ResourceQuota>(ns, WorkspaceManifests.Name, ct) is { } quota
            ? UsageReading.Read(
                quota,
                await ListWhereInstalled<Function>(ns, ct),
                await api.List<ListedCronJob>(ns, ListQuery.All, MostCounted, ct),
                await ListWhereInstalled<PipelineRun>(ns, ct))
            : WorkspaceUsage.None;

    /// <inheritdoc />
    public Task ApplyNode(DedicatedNode node, CancellationToken ct) => api.Create(DedicatedNodes.Manifest(node, options), ct);

    /// <inheritdoc />
    public async Task<NodeState> ReadNode(string ns, string nodeName, CancellationToken ct)
    {
        var deployment = await api.Get<MachineDeployment>(options.MachineNamespace, DedicatedNodes.NameOf(ns, nodeName), ct);
        return DedicatedNodes.Read(deployment, deployment is null ? [] : await MachinesOf(ns, nodeName, ct), ns);
    }

    /// <inheritdoc />
    public async Task PrepareNode(string ns, string nodeName, CancellationToken ct)
    {
        foreach (var node in (await MachinesOf(ns, nodeName, ct)).Select(m => m.Node).OfType<Node>())
            await api.Change<Node>(null, node.Metadata.Name, current => DedicatedNodes.Preparation(current, ns), ct);
    }

    /// <inheritdoc />
    public Task DeleteNode(string ns, string nodeName, CancellationToken ct) =>
        api.Delete<MachineDeployment>(options.MachineNamespace, DedicatedNodes.NameOf(ns, nodeName), ct);

    /// <inheritdoc />
    public async Task<IReadOnlyList<Workload>> ListWorkloads(string ns, CancellationToken ct)
    {
        var deployments = await ListAll<Deployment>(ns, new ListQuery(Marks.ManagedBy + "=" + Marks.Product), ICluster.MostWorkloads, ct);
        var pods = await PodsOf(ns, labels: null, ct);
        return [.. deployments.Select(deployment => Workloads.Read(deployment, pods, ns)).OrderBy(w => w.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc />
    public async Task<Workload?> ReadWorkload(string ns, string name, CancellationToken ct) =>
        await api.Get<Deployment>(ns, name, ct) is { } deployment
            ? Workloads.Read(deployment, await PodsOf(ns, deployment.Spec.Selector.ToQuery(), ct), ns)
            : null;

    /// <inheritdoc />
    public Task MoveWorkload(string ns, string name, Placement to, CancellationToken ct) =>
        api.Change<Deployment>(ns, name, deployment => Workloads.Move(deployment, ns, to), ct);

    /// <inheritdoc />
    public Task RestoreRollouts(string ns, string name, CancellationToken ct) =>
        api.Change<Deployment>(ns, name, Workloads.RestoreStrategy, ct);

    /// <inheritdoc />
    public Task ScaleWorkload(string ns, string name, int replicas, CancellationToken ct) =>
        api.Patch<Deployment>(ns, name, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }, ct, "/scale");

    /// <inheritdoc />
    public Task PauseRollout(string ns, string name, bool paused, CancellationToken ct) =>
        api.Patch<Deployment>(ns, name, new JsonObject { ["spec"] = new JsonObject { ["paused"] = paused } }, ct);

    /// <inheritdoc />
    public async Task<Probe?> ProbeWorkload(string ns, string name, CancellationToken ct)
    {
        var service = await api.Get<Service>(ns, name, ct);
        if (service?.Spec?.Ports is not [var first, ..])
            return null;
        string address;
        try
        {
            address = ApiPath.ServiceProxy(ns, name, first.Port, service.Metadata.Annotations?.GetValueOrDefault(Marks.ProbePath) ?? "/");
        }
        catch (ArgumentException e)
        {
            return new Probe(Succeeded: false, TimeSpan.Zero, $"{Marks.ProbePath}: {e.Message}");
        }
        return await api.Ask(address, ProbePatience, ct);
    }

    /// <inheritdoc />
    public async Task ApplyBackups(string ns, int keepDays, CancellationToken ct)
    {
        await api.Apply(BackupManifests.Account(ns), ct);
        await api.Apply(BackupManifests.Role(ns), ct);
        await api.Apply(BackupManifests.Binding(ns), ct);
        if (options.ControlPlaneCidr is { } controlPlane)
            await api.Apply(BackupManifests.ServerAccess(ns, controlPlane), ct);
        await api.Apply(BackupManifests.Schedule(ns, keepDays, options.BackupImage), ct);
    }

    /// <inheritdoc />
    public async Task RemoveBackups(string ns, CancellationToken ct)
    {
        await api.Delete<CronJob>(ns, BackupManifests.Name, ct);
        await api.Delete<NetworkPolicy>(ns, BackupManifests.Name, ct);
        await api.Delete<RoleBinding>(ns, BackupManifests.Name, ct);
        await api.Delete<Role>(ns, BackupManifests.Name, ct);
        await api.Delete<ServiceAccount>(ns, BackupManifests.Name, ct);
    }

    /// <summary>None on a cluster that does not know the kind.</summary>
    private async Task<IReadOnlyList<T>> ListWhereInstalled<T>(string ns, CancellationToken ct) where T : class, IKubernetesObject
    {
        try
        {
            return await api.List<T>(ns, ListQuery.All, MostCounted, ct);
        }
        catch (ClusterException e) when (e.Reason == "NotFound")
        {
            return [];
        }
    }

    /// <summary>Those that are not over.</summary>
    private Task<IReadOnlyList<Pod>> PodsOf(string ns, string? labels, CancellationToken ct) =>
        ListAll<Pod>(ns, new ListQuery(labels, Fields: "status.phase!=Succeeded,status.phase!=Failed"), MostPods, ct);

    /// <exception cref="ClusterException">There are more: what is decided from a part would be wrong.</exception>
    private async Task<IReadOnlyList<T>> ListAll<T>(string ns, ListQuery query, int most, CancellationToken ct)
        where T : class, IKubernetesObject
    {
        var found = await api.List<T>(ns, query, most + 1, ct);
        return found.Count <= most ? found : throw new ClusterException("TooMany", $"{ns} has more than {most} {T.Type.Plural}.");
    }

    private async Task<IReadOnlyList<MachineAndNode>> MachinesOf(string ns, string nodeName, CancellationToken ct)
    {
        var query = new ListQuery(Marks.DeploymentName + "=" + DedicatedNodes.NameOf(ns, nodeName));
        var found = new List<MachineAndNode>();
        foreach (var machine in await api.List<Machine>(options.MachineNamespace, query, MostMachines, ct))
        {
            var node = machine.Status?.NodeRef is { } reference ? await api.Get<Node>(null, reference.Name, ct) : null;
            found.Add(new MachineAndNode(machine, node));
        }
        return found;
    }
}
