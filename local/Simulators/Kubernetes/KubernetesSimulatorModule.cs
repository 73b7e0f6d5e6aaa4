namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>How the simulated cluster joins a host.</summary>
public static class KubernetesSimulatorModule
{
    /// <summary>Where its API is.</summary>
    public const string Path = "/simulators/kubernetes";

    /// <summary>Its tables; repeatable, to be given to <see cref="Sqlite.SqliteDatabase.Open"/>.</summary>
    public const string Schema = ClusterStore.Schema;

    /// <summary>
    /// The host must also have a <see cref="Sqlite.SqliteDatabase"/> opened with <see cref="Schema"/> and a <see cref="TimeProvider"/>.
    /// </summary>
    /// <param name="token">The bearer token that opens the API.</param>
    public static IServiceCollection AddKubernetesSimulator(this IServiceCollection services, string token) => services
        .AddSingleton<ClusterSimulator>()
        .AddSingleton<ServiceProxy>()
        .AddSingleton<OperatorApi>()
        .AddSingleton(provider => new ApiEndpoint(
            provider.GetRequiredService<ClusterSimulator>(), provider.GetRequiredService<ServiceProxy>(), token));

    /// <summary>Maps the API of the cluster, and <c>/admin/simulators/kubernetes</c>.</summary>
    public static void MapKubernetesSimulator(this IEndpointRouteBuilder routes)
    {
        routes.Map($"{Path}/{{**path}}", routes.ServiceProvider.GetRequiredService<ApiEndpoint>().Handle);
        routes.ServiceProvider.GetRequiredService<OperatorApi>().Map(routes);
    }
}
