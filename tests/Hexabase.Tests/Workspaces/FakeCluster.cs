using Hexabase.Domain.Workspaces;

namespace Hexabase.Tests.Workspaces;

/// <summary>A cluster in memory: nodes join after a while, rollouts take a while, both may be made to fail.</summary>
internal sealed class FakeCluster(TimeProvider clock) : ICluster
{
    public static readonly TimeSpan NodeTime = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan RolloutTime = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (DedicatedNode Node, DateTimeOffset At, bool Fails)> nodes = new(StringComparer.Ordinal);

    private readonly HashSet<string> prepared = new(StringComparer.Ordinal);

    /// <summary>Asked before each call, by its name; throws what the call is to fail with.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Changes that took effect, in order.</summary>
    public List<string> Effects { get; } = [];

    public WorkspaceSetup? Setup { get; private set; }

    public int? BackupDays { get; private set; }

    public WorkspaceUsage Usage { get; set; } = WorkspaceUsage.None;

    public IReadOnlyCollection<DedicatedNode> Nodes => [.. nodes.Values.Select(node => node.Node)];

    /// <summary>Nodes that were ever made.</summary>
    public int NodesMade { get; private set; }

    /// <summary>For which nodes there is no machine.</summary>
    public Func<DedicatedNode, bool> Shortage { get; set; } = _ => false;

    public Dictionary<string, FakeWorkload> Workloads { get; } = new(StringComparer.Ordinal);

    public FakeWorkload Add(string name, int replicas)
    {
        var workload = new FakeWorkload(name, replicas, clock);
        Workloads.Add(name, workload);
        return workload;
    }

    public Task ApplyWorkspace(WorkspaceSetup setup, CancellationToken ct) => Do(nameof(ApplyWorkspace), () =>
    {
        if (setup != Setup)
            Effects.Add($"workspace {setup.StorageGb} GB {setup.StorageClass}, {setup.CpuMillis} m");
        Setup = setup;
    });

    public Task ApplyNode(DedicatedNode node, CancellationToken ct) => Do(nameof(ApplyNode), () =>
    {
        if (!nodes.TryAdd(node.Name, (node, clock.GetUtcNow(), Shortage(node))))
            return;
        NodesMade++;
        Effects.Add($"node {node.Size} in {node.Region}");
    });

    public Task PrepareNode(string ns, string nodeName, CancellationToken ct) => Do(nameof(PrepareNode), () => prepared.Add(nodeName));

    public Task<WorkspaceUsage> ReadUsage(string ns, CancellationToken ct) => Get(nameof(ReadUsage), () => Usage);

    public Task<NodeState> ReadNode(string ns, string nodeName, CancellationToken ct) => Get(nameof(ReadNode), () =>
    {
        if (!nodes.TryGetValue(nodeName, out var node))
            return new NodeState(NodePhase.Missing);
        if (clock.GetUtcNow() - node.At < NodeTime)
            return new NodeState(NodePhase.Provisioning);
        return node.Fails
            ? new NodeState(NodePhase.Failed, Reason: NodeState.Shortage, Message: "No machine of this size is to be had.")
            : new NodeState(prepared.Contains(nodeName) ? NodePhase.Ready : NodePhase.Joined, $"{nodeName}-1");
    });

    public Task DeleteNode(string ns, string nodeName, CancellationToken ct) => Do(nameof(DeleteNode), () =>
    {
        prepared.Remove(nodeName);
        if (nodes.Remove(nodeName))
            Effects.Add("node removed");
    });

    public Task<IReadOnlyList<Workload>> ListWorkloads(string ns, CancellationToken ct) =>
        Get<IReadOnlyList<Workload>>(nameof(ListWorkloads), () => [.. Workloads.Values.Select(workload => workload.Look())]);

    public Task<Workload?> ReadWorkload(string ns, string name, CancellationToken ct) =>
        Get(nameof(ReadWorkload), () => Workloads.GetValueOrDefault(name)?.Look());

    public Task MoveWorkload(string ns, string name, Placement to, CancellationToken ct) => Do(nameof(MoveWorkload), () =>
    {
        if (Workloads[name].Move(to))
            Effects.Add($"{name} to {to}");
    });

    public Task RestoreRollouts(string ns, string name, CancellationToken ct) => Do(nameof(RestoreRollouts), () => { });

    public Task ScaleWorkload(string ns, string name, int replicas, CancellationToken ct) => Do(nameof(ScaleWorkload), () =>
    {
        if (Workloads[name].Replicas != replicas)
            Effects.Add($"{name} has {replicas}");
        Workloads[name].Replicas = replicas;
    });

    public Task PauseRollout(string ns, string name, bool paused, CancellationToken ct) => Do(nameof(PauseRollout), () =>
    {
        if (Workloads[name].IsPaused != paused)
            Effects.Add($"{name} {(paused ? "paused" : "resumed")}");
        Workloads[name].IsPaused = paused;
    });

    public Task<Probe?> ProbeWorkload(string ns, string name, CancellationToken ct) =>
        Get<Probe?>(nameof(ProbeWorkload), () => new Probe(Succeeded: true, Workloads[name].AnswersIn));

    public Task ApplyBackups(string ns, int keepDays, CancellationToken ct) => Do(nameof(ApplyBackups), () => BackupDays = keepDays);

    public Task RemoveBackups(string ns, CancellationToken ct) => Do(nameof(RemoveBackups), () => BackupDays = null);

    private Task<bool> Do(string call, Action effect) => Get(call, () =>
    {
        effect();
        return true;
    });

    private Task<T> Get<T>(string call, Func<T> answer)
    {
        Before(call);
        return Task.FromResult(answer());
    }
}

/// <summary>An app of a <see cref="FakeCluster"/>. Its rollouts add new copies before they take old ones.</summary>
internal sealed class FakeWorkload(string name, int replicas, TimeProvider clock)
{
    private DateTimeOffset movedAt = DateTimeOffset.MinValue;

    public int Replicas { get; set; } = replicas;

    public Placement Placement { get; private set; } = Placement.SharedPool;

    public bool IsPaused { get; set; }

    public TimeSpan AnswersIn { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>A rollout to the dedicated node fails.</summary>
    public bool FailsToMove { get; set; }

    /// <summary>A rollout to the shared pool fails.</summary>
    public bool FailsToMoveBack { get; set; }

    /// <summary>True when something happened.</summary>
    public bool Move(Placement to)
    {
        if (Placement == to)
            return false;
        (Placement, movedAt) = (to, clock.GetUtcNow());
        return true;
    }

    public Workload Look()
    {
        var isDone = !IsPaused && clock.GetUtcNow() - movedAt >= FakeCluster.RolloutTime;
        var fails = Placement == Placement.DedicatedNodes ? FailsToMove : FailsToMoveBack;
        var rollout = fails && isDone ? RolloutPhase.Failed : isDone ? RolloutPhase.Done : RolloutPhase.InProgress;
        return new Workload(
            name,
            Replicas,
            Ready: Replicas,
            Placement,
            rollout,
            IsPaused,
            ElsewherePods: rollout == RolloutPhase.Done ? 0 : Replicas,
            fails ? "CrashLoopBackOff" : null);
    }
}
