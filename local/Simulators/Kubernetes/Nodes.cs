using System.Globalization;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Nodes: what they look like when they join, and what runs where.</summary>
internal static class Nodes
{
    /// <summary>From labels of a machine these go to its node, as Cluster API has it.</summary>
    private static readonly string[] PassedOn = ["node.cluster.x-k8s.io", "node-role.kubernetes.io", "node-restriction.kubernetes.io"];

    /// <param name="machine">Null for nodes of the shared pool.</param>
    public static JsonObject New(string name, string size, string region, KubeObject? machine, DateTimeOffset now)
    {
        var (cpus, memory) = SizeOf(size);
        var labels = new JsonObject
        {
            ["kubernetes.io/hostname"] = name,
            ["node.kubernetes.io/instance-type"] = size,
            ["topology.kubernetes.io/region"] = region,
        };
        foreach (var (key, value) in machine?.Labels.Map() ?? [])
            if (key.Split('/') is [var domain, _] && PassedOn.Any(p => domain == p || domain.EndsWith($".{p}", StringComparison.Ordinal)))
                labels[key] = value;
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels },
            ["spec"] = new JsonObject { ["providerID"] = $"simulated://{name}" },
            ["status"] = new JsonObject { ["capacity"] = Resources(cpus, memory), ["allocatable"] = Resources(cpus, memory) },
        };
        if (machine is not null)
            body.Set(new JsonObject { [Machines.MachineAnnotation] = machine.Name }, "metadata", "annotations");
        if (machine?.Spec.At("taints") is { } taints)
            body.Set(taints.DeepClone(), "spec", "taints");
        foreach (var condition in new[] { "MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable" })
            Conditions.Set(body, condition, false, "KubeletIsFine", "", now);
        Conditions.Set(body, "Ready", true, "KubeletReady", "", now);
        return body;
    }

    public static NodeKind KindOf(KubeObject node) =>
        node.Annotation(Machines.MachineAnnotation) is null ? NodeKind.Shared : NodeKind.Dedicated;

    /// <summary>Where a placed pod runs; null while it has no node.</summary>
    public static PodPlace? PlaceOf(Draft draft, KubeObject pod)
    {
        if (pod.Spec.Text("nodeName") is not { } name || draft.Find(ResourceType.Node, "", name) is not { } node)
            return null;
        return new PodPlace(pod.Namespace, Workloads.AppOf(draft, pod), name, KindOf(node));
    }

    private static JsonObject Resources(int cpus, int memoryGb) => new()
    {
        ["cpu"] = cpus.ToString(CultureInfo.InvariantCulture),
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{memoryGb}Gi"),
        ["pods"] = "110",
    };

    private static (int Cpus, int MemoryGb) SizeOf(string size) => size switch
    {
        "small" => (2, 8),
        "medium" => (4, 16),
        "large" => (8, 32),
        _ => (16, 64),
    };
}
