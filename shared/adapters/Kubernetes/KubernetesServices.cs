using Hexabase.Domain.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>How the cluster joins an app.</summary>
public static partial class KubernetesServices
{
    /// <summary>Adds <see cref="ICluster"/>. Where there is none, every use of it says that it is not available.</summary>
    public static IServiceCollection AddCluster(this IServiceCollection services, ClusterSettings? settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        if (settings is null)
            return services.AddSingleton<ICluster, NoCluster>();
        var (options, connection) = (settings.Options, settings.Connection);
        services.AddSingleton(provider =>
        {
            var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KubernetesServices));
            if (connection.SkipsVerification)
                WarnThatAnybodyIsTrusted(log, connection.Server);
            return new KubernetesApi(connection, provider.GetRequiredService<TimeProvider>());
        });
        return services.AddSingleton<ICluster>(provider => new KubernetesCluster(provider.GetRequiredService<KubernetesApi>(), options));
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Whoever answers at {Server} is taken for the cluster: insecure-skip-tls-verify is set")]
    private static partial void WarnThatAnybodyIsTrusted(ILogger logger, Uri server);
}
