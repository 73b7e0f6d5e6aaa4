using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;

namespace Hexabase.Functions.Strategies;

/// <summary>What the strategy functions need, besides stores, plans, the clock and <see cref="IStartRun"/>.</summary>
public static class StrategiesServices
{
    /// <summary>Adds the use cases of strategies; with the setting <c>Seed=true</c> also the catalog, after start.</summary>
    public static IServiceCollection AddStrategies(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<StrategyWriter>();
        services.AddSingleton<StrategyLibrary>();
        services.AddSingleton<ForkLimit>();
        services.AddSingleton<PublishStrategyHandler>();
        services.AddSingleton<ForkStrategyHandler>();
        services.AddSingleton<GetStrategyHandler>();
        services.AddSingleton<ListStrategiesHandler>();
        if (configuration.GetValue("Seed", defaultValue: false))
        {
            services.AddSingleton<SeedCatalog>();
            services.AddHostedService<SeedCatalogService>();
        }
        return services;
    }
}
