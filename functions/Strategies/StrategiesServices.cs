using Hexabase.Domain.Runs;
using Hexabase.Domain.Strategies;

namespace Hexabase.Functions.Strategies;

/// <summary>What the strategy functions need, besides stores, plans, the clock and <see cref="IStartRun"/>.</summary>
public static class StrategiesServices
{
    /// <param name="seed">Writes the built-in catalog after start.</param>
    public static IServiceCollection AddStrategies(this IServiceCollection services, bool seed)
    {
        services.AddSingleton<StrategyWriter>();
        services.AddSingleton<StrategyLibrary>();
        services.AddSingleton<ForkLimit>();
        services.AddSingleton<PublishStrategyHandler>();
        services.AddSingleton<ForkStrategyHandler>();
        services.AddSingleton<GetStrategyHandler>();
        services.AddSingleton<ListStrategiesHandler>();
        if (seed)
        {
            services.AddSingleton<SeedCatalog>();
            services.AddHostedService<SeedCatalogService>();
        }
        return services;
    }
}
