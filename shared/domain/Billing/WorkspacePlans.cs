using System.Text.Json.Serialization;

namespace Hexabase.Domain.Billing;

/// <summary>What a workspace is paid for.</summary>
public enum WorkspacePlanName
{
    Hobby,
    Pro,
}

/// <summary>What a workspace may do, as it is switched on.</summary>
/// <param name="ParallelBuilds">CI/CD runs at a time.</param>
/// <param name="Functions">Most functions; null for no limit.</param>
/// <param name="CronJobs">Most cron jobs; null for no limit.</param>
/// <param name="StorageGb">All volumes together.</param>
/// <param name="StorageClass">The kind of disks.</param>
/// <param name="BackupDays">Daily backups are kept so long; null for no backups.</param>
/// <param name="SlaPercent">Promised availability; null for none.</param>
public sealed record WorkspaceFeatures(
    int ParallelBuilds,
    bool AdvancedPipelines,
    int? Functions,
    int? CronJobs,
    int StorageGb,
    string StorageClass,
    [property: JsonPropertyName("aiops")] AIOpsLevel AIOps,
    int? BackupDays,
    SupportTier Support,
    decimal? SlaPercent);

public enum AIOpsLevel
{
    /// <summary>Monitoring, alerts, anomaly detection with Slack.</summary>
    Monitoring,

    /// <summary>Also predictive scaling and cost optimization.</summary>
    Full,
}

public enum SupportTier
{
    Community,

    /// <summary>E-mail, answered within 24 hours.</summary>
    Email24h,
}

/// <param name="Price">Null for the plan that costs nothing.</param>
/// <param name="IncludedNodes">Dedicated nodes that come with it.</param>
/// <param name="CpuMillis">Of the shared pool, thousandths of a core.</param>
public sealed record WorkspacePlan(
    Price? Price, int IncludedNodes, int CpuMillis, int MemoryMb, int Pods, WorkspaceFeatures Features);

/// <summary>A size of dedicated node.</summary>
public sealed record NodeSize(int Cpus, int MemoryGb, Price Price);

/// <summary>The numbers of workspaces in <c>plans.json</c>.</summary>
/// <param name="NodeSizes">By name.</param>
/// <param name="Regions">Where nodes can be.</param>
/// <param name="IncludedNodeSize">The size that comes with plan pro, in the first region unless another is asked for.</param>
public sealed record WorkspacePlans(
    WorkspacePlan Hobby, WorkspacePlan Pro, IReadOnlyDictionary<string, NodeSize> NodeSizes, IReadOnlyList<string> Regions, string IncludedNodeSize)
{
    public WorkspacePlan this[WorkspacePlanName name] => name == WorkspacePlanName.Pro ? Pro : Hobby;
}
