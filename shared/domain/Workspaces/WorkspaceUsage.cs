using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Workspaces;

/// <summary>What a workspace uses, as its cluster counts it.</summary>
/// <param name="Builds">Builds that run now.</param>
/// <param name="StorageMb">Asked for by all volumes together.</param>
/// <param name="CpuMillis">Requested by all pods together, thousandths of a core; so is memory.</param>
public sealed record WorkspaceUsage(int Functions, int CronJobs, int Builds, long StorageMb, int CpuMillis, int MemoryMb, int Pods)
{
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);

    /// <summary>Of a workspace that is not on the cluster yet.</summary>
    public static WorkspaceUsage None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    public static Task<WorkspaceUsage> Read(ICluster cluster, Workspace workspace, CancellationToken ct) =>
        workspace.Status == WorkspaceStatus.Recorded ? Task.FromResult(None) : cluster.ReadUsage(workspace.Namespace, ct);

    /// <summary>The same with little patience, for what does not depend on it; null when the cluster does not tell in time.</summary>
    public static async Task<WorkspaceUsage?> TryRead(ICluster cluster, Workspace workspace, TimeProvider clock, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(LongestRead, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await Read(cluster, workspace, either.Token);
        }
        catch (Exception e) when (e is DependencyUnavailableException or ClusterException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Each thing that a plan limits, with what is used of it.</summary>
    public IReadOnlyList<LimitedUse> Against(WorkspacePlan plan) =>
    [
        new(WorkspaceResource.Functions, Functions, plan.Features.Functions),
        new(WorkspaceResource.CronJobs, CronJobs, plan.Features.CronJobs),
        new(WorkspaceResource.ParallelBuilds, Builds, plan.Features.ParallelBuilds),
        new(WorkspaceResource.StorageGb, StorageMb / 1024m, plan.Features.StorageGb),
        new(WorkspaceResource.CpuMillis, CpuMillis, plan.CpuMillis),
        new(WorkspaceResource.MemoryMb, MemoryMb, plan.MemoryMb),
        new(WorkspaceResource.Pods, Pods, plan.Pods),
    ];

    /// <summary>What is more than a plan allows. Nothing of it is deleted on that plan; more of it is refused.</summary>
    public IReadOnlyList<LimitedUse> Over(WorkspacePlan plan) => [.. Against(plan).Where(use => use.IsOver)];
}

/// <summary>What a plan limits.</summary>
public enum WorkspaceResource
{
    Functions,
    CronJobs,
    ParallelBuilds,
    StorageGb,
    CpuMillis,
    MemoryMb,
    Pods,
}

/// <param name="Limit">Null for none.</param>
public sealed record LimitedUse(WorkspaceResource Resource, decimal Used, int? Limit)
{
    [JsonIgnore]
    public bool IsOver => Used > Limit;

    /// <summary>For people; null for nothing.</summary>
    public static string? Tell(IReadOnlyList<LimitedUse> uses) => uses.Count == 0 ? null : string.Join(", ", uses);

    /// <summary>For people: <c>cron jobs: 12 of 10</c>.</summary>
    public override string ToString()
    {
        var resource = JsonNamingPolicy.SnakeCaseLower.ConvertName(Resource.ToString()).Replace('_', ' ');
        return string.Create(CultureInfo.InvariantCulture, $"{resource}: {Used:0.##} of {(object?)Limit ?? "any"}");
    }
}
