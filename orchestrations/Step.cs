using Hexabase.Domain.Billing.Payments;
using Hexabase.Domain.Workspaces;
using Hexabase.Worker.Durable;

namespace Hexabase.Orchestrations;

/// <summary>Says of what the cluster or the payment provider refuses that trying again cannot help.</summary>
internal static class Step
{
    /// <exception cref="NonRetriableTaskException">One of them refused.</exception>
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
        catch (PaymentsException e)
        {
            throw new NonRetriableTaskException(e.Message, e);
        }
    }
}
