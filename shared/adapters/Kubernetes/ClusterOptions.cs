using System.Net;
using Microsoft.Extensions.Configuration;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>What an administrator says about the cluster, in the section <c>Cluster</c> of the settings; see docs/kubernetes.md.</summary>
/// <param name="Name">The Cluster object of Cluster API that dedicated nodes join.</param>
/// <param name="MachineNamespace">Where that object is; its machines must be there too.</param>
/// <param name="InfrastructureKind">Of the machine templates, such as <c>AWSMachineTemplate</c>.</param>
/// <param name="BootstrapKind">Of the templates by which machines become nodes.</param>
/// <param name="NodeTemplate">Name of both templates of a node, with <c>{region}</c> and <c>{size}</c> in it.</param>
/// <param name="KubernetesVersion">Of dedicated nodes; null where the templates say it.</param>
/// <param name="StorageClasses">The cluster's storage class for each kind of disk that plans name.</param>
/// <param name="IngressNamespace">Where visitors come from.</param>
/// <param name="ControlPlaneCidr">Where the API server is, as pods see it; null where network policies do not apply to it.</param>
/// <param name="BackupImage">Runs once a day in each workspace that is backed up.</param>
internal sealed record ClusterOptions(
    string Name,
    string MachineNamespace,
    string InfrastructureKind,
    string BootstrapKind,
    string NodeTemplate,
    string? KubernetesVersion,
    IReadOnlyDictionary<string, string> StorageClasses,
    string IngressNamespace,
    string? ControlPlaneCidr,
    string BackupImage)
{
    /// <exception cref="InvalidOperationException">A setting is missing or cannot be used.</exception>
    public static ClusterOptions Read(IConfiguration settings)
    {
        var classes = settings.GetSection("StorageClasses").GetChildren().ToDictionary(c => c.Key, c => c.Value ?? "", StringComparer.OrdinalIgnoreCase);
        return new ClusterOptions(
            Label(settings, "Name", "hexabase"),
            Label(settings, "MachineNamespace", "hexabase-machines"),
            Required(settings, "InfrastructureKind"),
            settings["BootstrapKind"] ?? "KubeadmConfigTemplate",
            settings["NodeTemplate"] ?? "{region}-{size}",
            settings["KubernetesVersion"],
            classes.Count > 0 ? classes : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["standard"] = "standard", ["ssd"] = "ssd" },
            Label(settings, "IngressNamespace", "ingress"),
            Cidr(settings, "ControlPlaneCidr"),
            Required(settings, "BackupImage"));
    }

    private static string Required(IConfiguration settings, string name) =>
        settings[name] is { Length: > 0 } value ? value : throw new InvalidOperationException($"Cluster__{name} is not set.");

    private static string Label(IConfiguration settings, string name, string otherwise)
    {
        try
        {
            return ApiPath.Label(settings[name] ?? otherwise);
        }
        catch (ArgumentException e)
        {
            throw new InvalidOperationException($"Cluster__{name} is no DNS label.", e);
        }
    }

    private static string? Cidr(IConfiguration settings, string name)
    {
        if (settings[name] is not { Length: > 0 } text)
            return null;
        return IPNetwork.TryParse(text, out _) ? text : throw new InvalidOperationException($"Cluster__{name} is no address range.");
    }
}
