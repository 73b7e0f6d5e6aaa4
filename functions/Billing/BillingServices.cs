using Hexabase.Domain.Billing;

namespace Hexabase.Functions.Billing;

/// <summary>Plans, quotas and grants.</summary>
public static class BillingServices
{
    /// <exception cref="InvalidPlansException">plans.json cannot be used.</exception>
    public static IServiceCollection AddBilling(this IServiceCollection services)
    {
        services.AddSingleton(Plans.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plans.json"))));
        services.AddSingleton<GetUsageHandler>();
        services.AddSingleton<GrantRightsHandler>();
        services.AddSingleton<TurnQuotasHandler>();
        return services;
    }
}
