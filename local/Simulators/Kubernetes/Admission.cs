using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>What a new object must pass, whoever makes it: a client, or a controller that makes pods.</summary>
internal static class Admission
{
    /// <exception cref="KubernetesError">The namespace is ending, or a quota has no room.</exception>
    public static void Check(Draft draft, ResourceType type, JsonObject body)
    {
        if (!type.IsNamespaced)
            return;
        var (ns, name) = (body.Text("metadata", "namespace")!, body.Text("metadata", "name")!);
        if (draft.Find(ResourceType.Namespace, "", ns) is { IsTerminating: true })
        {
            var why = $"unable to create new content in namespace {ns} because it is being terminated";
            var cause = KubernetesError.Cause("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace");
            throw KubernetesError.Forbidden(type, name, why, cause);
        }
        if (type == ResourceType.Pod)
            FillLimits(draft, ns, body);
        Quotas.Check(draft, type, body);
    }

    /// <summary>What limit ranges say for containers that say nothing.</summary>
    private static void FillLimits(Draft draft, string ns, JsonObject pod)
    {
        var limits = draft.All(ResourceType.LimitRange, ns)
            .SelectMany(r => r.Spec.Items("limits"))
            .Where(l => l.Text("type") == "Container");
        foreach (var limit in limits)
        {
            foreach (var container in pod.Items("spec", "containers"))
            {
                Fill(container, "limits", limit["default"]);
                Fill(container, "requests", limit["defaultRequest"]);
            }
        }
    }

    private static void Fill(JsonObject container, string kind, JsonNode? defaults)
    {
        foreach (var (resource, amount) in defaults.Map())
            if (container.At("resources", kind, resource) is null)
                container.Set(amount, "resources", kind, resource);
    }
}
