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
    WorkspacePlan Hobby,
    WorkspacePlan Pro,
    IReadOnlyDictionary<string, NodeSize> NodeSizes,
    IReadOnlyList<string> Regions,
    string IncludedNodeSize)
{
    public WorkspacePlan this[WorkspacePlanName name] => name == WorkspacePlanName.Pro ? Pro : Hobby;

    /// <summary>A plan with the room of dedicated nodes added to its share of the pool.</summary>
    /// <param name="nodes">Their sizes, by name.</param>
    public WorkspacePlan WithNodes(WorkspacePlan plan, IEnumerable<string> nodes)
    {
        var sizes = nodes.Select(name => NodeSizes[name]).ToList();
        return plan with
        {
            CpuMillis = plan.CpuMillis + (1000 * sizes.Sum(size => size.Cpus)),
            MemoryMb = plan.MemoryMb + (1024 * sizes.Sum(size => size.MemoryGb)),
        };
    }

    /// <exception cref="InvalidPlansException">A number makes no sense, or two contradict each other.</exception>
    internal void Check()
    {
        CheckPlan("hobby", Hobby);
        CheckPlan("pro", Pro);
        Require(Hobby is { Price: null, IncludedNodes: 0 }, "hobby", "cost nothing and include no node");
        Require(Pro is { Price: not null, IncludedNodes: 1 }, "pro", "have a price and include one node");
        Require(
            Pro.CpuMillis >= Hobby.CpuMillis && Pro.MemoryMb >= Hobby.MemoryMb && Pro.Pods >= Hobby.Pods,
            "pro",
            "have no less room than hobby");
        Require(NodeSizes.Count > 0, "node_sizes", "hold at least one size");
        foreach (var (name, size) in NodeSizes)
        {
            Require(IsLabel(name), $"node_sizes.{name}", "be named by lower-case letters, digits and hyphens");
            Require(size is { Cpus: > 0, MemoryGb: > 0 }, $"node_sizes.{name}", "have cpus and memory_gb above zero");
            CheckMonthly($"node_sizes.{name}", size.Price);
        }
        var priceIds = NodeSizes.Values.Select(size => size.Price.Id).Append(Pro.Price!.Id).ToArray();
        Require(priceIds.Distinct(StringComparer.Ordinal).Count() == priceIds.Length, "node_sizes", "have price ids of their own");
        Require(NodeSizes.ContainsKey(IncludedNodeSize), "included_node_size", "be one of node_sizes");
        Require(Regions.Count > 0 && Regions.All(IsLabel), "regions", "be names of lower-case letters, digits and hyphens");
        Require(Regions.Distinct(StringComparer.Ordinal).Count() == Regions.Count, "regions", "name each region once");
    }

    private static void CheckPlan(string name, WorkspacePlan plan)
    {
        Require(plan is { CpuMillis: > 0, MemoryMb: > 0, Pods: > 0 }, name, "have cpu_millis, memory_mb and pods above zero");
        if (plan.Price is { } price)
            CheckMonthly(name, price);
        var features = plan.Features;
        Require(features is { ParallelBuilds: > 0, StorageGb: > 0 }, name, "have parallel_builds and storage_gb above zero");
        Require(IsLabel(features.StorageClass), name, "have a storage_class of lower-case letters, digits and hyphens");
        Require(
            features is { Functions: null or > 0, CronJobs: null or > 0, BackupDays: null or > 0 },
            name,
            "have functions, cron_jobs and backup_days above zero, or null");
        Require(features.SlaPercent is null or (> 0 and < 100), name, "have an sla_percent between 0 and 100, or null");
    }

    private static void CheckMonthly(string where, Price price) =>
        Require(price is { Interval: PriceInterval.Month, Jpy: > 0, Id.Length: > 0 }, where, "have a price by month above zero");

    private static void Require(bool holds, string where, string rule)
    {
        if (!holds)
            throw new InvalidPlansException($"plans.json: workspaces.{where} must {rule}.");
    }

    private static bool IsLabel(string text) =>
        text is { Length: >= 1 and <= 40 } and [not '-', ..] and [.., not '-']
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
