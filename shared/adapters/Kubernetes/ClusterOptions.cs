using System.Net;
using Hexabase.Adapters.Settings;

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
    private static readonly Dictionary<string, string> SameNames =
        new(StringComparer.OrdinalIgnoreCase) { ["standard"] = "standard", ["ssd"] = "ssd" };

    private static readonly SettingKind<string> Label = new(
        "a DNS label: up to 63 small letters, digits and hyphens",
        text => ApiPath.IsLabel(text) ? text : throw new FormatException());

    private static readonly SettingKind<string> Cidr = new(
        "an address range such as 10.0.0.0/28", text => IPNetwork.TryParse(text, out _) ? text : throw new FormatException());

    /// <param name="section">Section <c>Cluster</c>.</param>
    /// <param name="isWanted">There is to be a cluster: what has no default must be set.</param>
    public static ClusterOptions Read(SettingsReader section, bool isWanted)
    {
        var classes = section.Named("StorageClasses", SettingKinds.Text("the name of a storage class"));
        return new ClusterOptions(
            section.Optional("Name", Label, "hexabase"),
            section.Optional("MachineNamespace", Label, "hexabase-machines"),
            section.RequiredIf(isWanted, "InfrastructureKind", SettingKinds.Text("the kind of machine templates, such as AWSMachineTemplate"))!,
            section.Optional("BootstrapKind", SettingKinds.Text("the kind of bootstrap templates"), "KubeadmConfigTemplate"),
            section.Optional("NodeTemplate", SettingKinds.Text("the name of a node's templates, with {region} and {size}"), "{region}-{size}"),
            section.Optional("KubernetesVersion", SettingKinds.Text("a version of Kubernetes")),
            classes.Count > 0 ? classes : SameNames,
            section.Optional("IngressNamespace", Label, "ingress"),
            section.Optional("ControlPlaneCidr", Cidr),
            section.RequiredIf(isWanted, "BackupImage", SettingKinds.Text("the image that backs up a workspace"))!);
    }
}
