using Hexabase.Domain.Workspaces;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>Says of what the cluster refuses that trying again cannot help.</summary>
internal static class ClusterStep
{
    /// <exception cref="NonRetriableTaskException">The cluster refused.</exception>
    public static async Task<T> Run<T>(Func<Task<T>> step)
    {
        try
        {
            return await step();
        }
        catch (ClusterException e)
        {
            throw new NonRetriableTaskException($"{e.Reason}: {e.Message}", e);
        }
    }
}
