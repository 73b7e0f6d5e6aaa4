using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// What a cluster has before anybody asks it for anything: a shared pool of two nodes, and the namespaces an administrator makes.
/// </summary>
internal static class FirstDay
{
    public const string Region = "tokyo";
    private const string PoolSize = "pool";

    public static void Begin(Draft draft)
    {
        foreach (var name in new[] { "default", "kube-system", "ingress", "hexabase-machines" })
        {
            var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = new JsonObject() };
            Defaults.Fill(ResourceType.Namespace, body);
            draft.Add(ResourceType.Namespace, body);
        }
        foreach (var name in new[] { "shared-1", "shared-2" })
            draft.Add(ResourceType.Node, Nodes.New(name, PoolSize, Region, machine: null, draft.Now));
        Controllers.Settle(draft);
    }
}
