namespace Hexabase.Local.Durable;

/// <summary>How the durable engine joins a host.</summary>
public static class DurableServices
{
    /// <summary>
    /// Adds the engine and its management API. The host must also have a <see cref="Sqlite.SqliteDatabase"/> opened with
    /// <see cref="DurableSchema.Sql"/>, an <see cref="Functions.IFunctionApp"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddDurable(this IServiceCollection services, DurableSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<DurableEngine>()
        .AddSingleton<InstanceQueries>()
        .AddSingleton<ManagementApi>()
        .AddHostedService(provider => provider.GetRequiredService<DurableEngine>());

    /// <summary>Maps <c>/runtime/webhooks/durabletask</c>.</summary>
    public static IEndpointRouteBuilder MapDurable(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<ManagementApi>().Map(routes);
        return routes;
    }
}
