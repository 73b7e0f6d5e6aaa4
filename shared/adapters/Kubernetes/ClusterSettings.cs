using Hexabase.Adapters.Kubernetes.Connection;
using Hexabase.Adapters.Settings;
using Microsoft.Extensions.Hosting;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>Section <c>Cluster</c>: the cluster of workspaces, see docs/kubernetes.md.</summary>
public sealed class ClusterSettings
{
    private ClusterSettings(ClusterOptions options, ClusterConnection connection) => (Options, Connection) = (options, connection);

    internal ClusterOptions Options { get; }

    internal ClusterConnection Connection { get; }

    /// <returns>Null where no setting of the section is there.</returns>
    public static ClusterSettings? Read(SettingsReader settings, IHostEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var section = settings.Section("Cluster");
        var options = ClusterOptions.Read(section, isWanted: section.HasAny);
        var connection = ClusterConnection.Read(section, TimeProvider.System);
        if (connection is { SkipsVerification: true } && environment.IsProduction())
            section.Report("Kubeconfig", "cannot be used: it says insecure-skip-tls-verify, which is not for production.");
        return connection is null ? null : new ClusterSettings(options, connection);
    }
}
