using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>An app to play with, as the product would have deployed it: a deployment and a service.</summary>
internal sealed record DemoApp(string Namespace, string Name, int Replicas = 2)
{
    private const int MostReplicas = 100;

    /// <exception cref="KubernetesError">It cannot be made, or is there.</exception>
    public void Deploy(Draft draft)
    {
        if (draft.Find(ResourceType.Namespace, "", Namespace) is null)
            Add(draft, ResourceType.Namespace, new JsonObject { ["metadata"] = Metadata(Namespace) });
        Add(draft, ResourceType.Deployment, new JsonObject
        {
            ["metadata"] = Metadata(Name, Namespace),
            ["spec"] = new JsonObject
            {
                ["replicas"] = Math.Clamp(Replicas, 0, MostReplicas),
                ["selector"] = new JsonObject { ["matchLabels"] = Label() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = Label() },
                    ["spec"] = new JsonObject
                    {
                        ["terminationGracePeriodSeconds"] = 1,
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["name"] = "app",
                            ["image"] = $"registry.localhost/{Name}:1",
                            ["ports"] = new JsonArray(new JsonObject { ["containerPort"] = 8080 }),
                            ["resources"] = new JsonObject { ["requests"] = Amounts(), ["limits"] = Amounts() },
                        }),
                    },
                },
            },
        });
        Add(draft, ResourceType.Service, new JsonObject
        {
            ["metadata"] = Metadata(Name, Namespace),
            ["spec"] = new JsonObject
            {
                ["selector"] = Label(),
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = 8080 }),
            },
        });
    }

    private static void Add(Draft draft, ResourceType type, JsonObject body)
    {
        Defaults.Fill(type, body);
        Validation.Check(type, body, live: null);
        var (ns, name) = (body.Text("metadata", "namespace") ?? "", body.Text("metadata", "name")!);
        if (draft.Find(type, ns, name) is not null)
            throw KubernetesError.AlreadyExists(type, name);
        Admission.Check(draft, type, body);
        draft.Add(type, body);
    }

    private JsonObject Label() => new() { ["app"] = Name };

    private static JsonObject Amounts() => new() { ["cpu"] = "50m", ["memory"] = "64Mi" };

    private static JsonObject Metadata(string name, string? ns = null)
    {
        var metadata = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app.kubernetes.io/managed-by"] = "hexabase" } };
        if (ns is not null)
            metadata["namespace"] = ns;
        return metadata;
    }
}
