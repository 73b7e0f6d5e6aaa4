using Hexabase.Domain.Billing;

namespace Hexabase.Domain.Workspaces.NodeOrders;

/// <summary>Which node somebody wants.</summary>
public static class NodeChoice
{
    /// <summary>The first of size and region that there is not; null when both are offered.</summary>
    public static InvalidInput? Refuse(WorkspacePlans plans, string? size, string? region)
    {
        if (size is null || !plans.NodeSizes.ContainsKey(size))
            return new InvalidInput("size", $"size is required: {string.Join(", ", plans.NodeSizes.Keys)}.");
        if (region is null || !plans.Regions.Contains(region, StringComparer.Ordinal))
            return new InvalidInput("region", $"region is required: {string.Join(", ", plans.Regions)}.");
        return null;
    }
}
