using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Domain.Workspaces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>How the cluster joins an app.</summary>
public static partial class KubernetesServices
{
    private const string Section = "Cluster";

    /// <summary>
    /// Adds <see cref="ICluster"/> for the settings of the section <c>Cluster</c> (docs/kubernetes.md). Where there are none, every use of it says
    /// that it is not available.
    /// </summary>
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public static IServiceCollection AddCluster(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.TryAddSingleton(TimeProvider.System);
        var settings = configuration.GetSection(Section);
        if (!settings.Exists())
            return services.AddSingleton<ICluster, NoCluster>();
        var options = ClusterOptions.Read(settings);
        var connection = ClusterConnection.Read(settings, TimeProvider.System);
        if (connection.SkipsVerification && environment.IsProduction())
            throw new InvalidOperationException("The kubeconfig file says insecure-skip-tls-verify, which is not for production.");
        services.AddSingleton(provider =>
        {
            if (connection.SkipsVerification)
                WarnThatAnybodyIsTrusted(provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KubernetesServices)), connection.Server);
            return new KubernetesApi(connection, provider.GetRequiredService<TimeProvider>());
        });
        return services.AddSingleton<ICluster>(provider => new KubernetesCluster(provider.GetRequiredService<KubernetesApi>(), options));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whoever answers at {Server} is taken for the cluster: insecure-skip-tls-verify is set")]
    private static partial void WarnThatAnybodyIsTrusted(ILogger logger, Uri server);
}
