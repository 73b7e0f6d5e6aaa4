using Hexabase.Adapters.Kubernetes.Objects;
using Hexabase.Domain;
using Hexabase.Domain.Workspaces;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>What a workspace uses: amounts as its quota counts them, and how many there are of what quotas do not know.</summary>
internal static class UsageReading
{
    private const decimal Milli = 1e-3m;
    private const decimal Mebibyte = 1L << 20;

    /// <param name="quota">As the cluster keeps it; a new one may not have been counted yet.</param>
    /// <exception cref="DependencyUnavailableException">The cluster counts in a way that is not Kubernetes'.</exception>
    public static WorkspaceUsage Read(
        ResourceQuota quota, IReadOnlyCollection<Function> functions, IEnumerable<ListedCronJob> cronJobs, IEnumerable<PipelineRun> builds)
    {
        var used = quota.Status?.Used ?? new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            return new WorkspaceUsage(
                functions.Count,
                cronJobs.Count(job => job.Metadata.Name != BackupManifests.Name),
                builds.Count(build => build.IsRunning),
                Quantity.In(Mebibyte, used.GetValueOrDefault("requests.storage")),
                checked((int)Quantity.In(Milli, used.GetValueOrDefault("requests.cpu"))),
                checked((int)Quantity.In(Mebibyte, used.GetValueOrDefault("requests.memory"))),
                checked((int)Quantity.In(1, used.GetValueOrDefault("pods"))));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new DependencyUnavailableException("The quota's numbers cannot be read.", e);
        }
    }
}
