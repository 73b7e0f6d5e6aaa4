using Hexabase.Adapters.Kubernetes.Objects;

namespace Hexabase.Adapters.Kubernetes;

/// <summary>Names by which the product's objects find each other on the cluster.</summary>
internal static class Marks
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>Value of <see cref="ManagedBy"/>, and the field manager of everything that is applied.</summary>
    public const string Product = "hexabase";

    /// <summary>The namespace of a workspace: on all that is its own, and on its dedicated nodes, where pods ask for it.</summary>
    public const string Workspace = "hexabase.io/workspace";

    public const string WorkspaceId = "hexabase.io/workspace-id";
    public const string Account = "hexabase.io/account";
    public const string Size = "hexabase.io/size";
    public const string Region = "hexabase.io/region";

    /// <summary>Key of the taint that keeps all pods but a workspace's own off its nodes; its value is the workspace's namespace.</summary>
    public const string DedicatedTaint = "dedicated";

    /// <summary>On a Deployment that is being moved: its own strategy, as JSON.</summary>
    public const string OwnStrategy = "hexabase.io/own-strategy";

    /// <summary>On a Service: the path by which its app is asked whether it answers; <c>/</c> without it.</summary>
    public const string ProbePath = "hexabase.io/probe-path";

    /// <summary>Cluster API's own, on the machines of a deployment.</summary>
    public const string DeploymentName = "cluster.x-k8s.io/deployment-name";

    public static Dictionary<string, string> OfWorkspace(string ns) => new(StringComparer.Ordinal)
    {
        [ManagedBy] = Product,
        [Workspace] = ns,
    };

    public static Taint Taint(string ns) => new(DedicatedTaint, "NoSchedule", ns);

    public static Toleration Toleration(string ns) => new(DedicatedTaint, "Equal", ns, "NoSchedule");
}
