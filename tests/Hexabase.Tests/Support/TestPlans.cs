using Hexabase.Domain.Billing;

namespace Hexabase.Tests.Support;

/// <summary>The product's own plans.json, as it is copied to the output.</summary>
internal static class TestPlans
{
    public static Plans Product { get; } = Plans.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans.json")));
}
