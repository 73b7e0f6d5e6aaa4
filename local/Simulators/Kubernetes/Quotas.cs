using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Resource quotas: what is used, and what would be too much. Quotas with scopes are kept but not enforced.</summary>
internal static class Quotas
{
    private const string OfStorageClass = ".storageclass.storage.k8s.io/requests.storage";

    /// <exception cref="KubernetesError">A quota of the namespace has no room for the object.</exception>
    public static void Check(Draft draft, ResourceType type, JsonObject body)
    {
        var (ns, name) = (body.Text("metadata", "namespace") ?? "", body.Text("metadata", "name")!);
        foreach (var quota in draft.All(ResourceType.ResourceQuota, ns).Where(IsSimple))
        {
            foreach (var (resource, text) in quota.Spec.Map("hard"))
            {
                if (Use(resource, type, body) is not { } asked)
                    throw KubernetesError.Forbidden(type, name, $"failed quota: {quota.Name}: must specify {resource}");
                var (used, hard) = (Used(draft, ns, resource), Quantity.Parse(text)!.Value);
                if (asked > 0 && used + asked > hard)
                {
                    var amounts = $"requested: {resource}={Quantity.Write(asked)}, used: {resource}={Quantity.Write(used)}, "
                        + $"limited: {resource}={text}";
                    throw KubernetesError.Forbidden(type, name, $"exceeded quota: {quota.Name}, {amounts}");
                }
            }
        }
    }

    public static void Reconcile(Draft draft)
    {
        foreach (var quota in draft.All(ResourceType.ResourceQuota).Where(IsSimple).ToList())
        {
            var used = quota.Spec.Map("hard").Select(h =>
                KeyValuePair.Create(h.Key, (JsonNode?)Quantity.Write(Used(draft, quota.Namespace, h.Key))));
            var status = new JsonObject { ["hard"] = quota.Spec.At("hard")?.DeepClone(), ["used"] = new JsonObject(used) };
            draft.Change(quota, body => body["status"] = status);
        }
    }

    private static bool IsSimple(KubeObject quota) => quota.Spec.At("scopes") is null && quota.Spec.At("scopeSelector") is null;

    private static decimal Used(Draft draft, string ns, string resource) =>
        ResourceType.All
            .Where(type => Counts(resource, type))
            .SelectMany(type => draft.All(type, ns))
            .Sum(o => Use(resource, o.Type, o.Body) ?? 0);

    private static bool Counts(string resource, ResourceType type) => resource switch
    {
        "requests.storage" or "persistentvolumeclaims" => type == ResourceType.PersistentVolumeClaim,
        _ when resource.EndsWith(OfStorageClass, StringComparison.Ordinal) => type == ResourceType.PersistentVolumeClaim,
        "services" => type == ResourceType.Service,
        _ when resource.StartsWith("count/", StringComparison.Ordinal) => resource == $"count/{type.FullName}",
        _ => type == ResourceType.Pod,
    };

    /// <summary>How much of a resource an object takes; null when it should say so and does not.</summary>
    private static decimal? Use(string resource, ResourceType type, JsonObject body)
    {
        if (!Counts(resource, type))
            return 0;
        return resource switch
        {
            "cpu" or "requests.cpu" => Sum(body, "requests", "cpu"),
            "memory" or "requests.memory" => Sum(body, "requests", "memory"),
            "limits.cpu" => Sum(body, "limits", "cpu"),
            "limits.memory" => Sum(body, "limits", "memory"),
            "requests.storage" => Quantity.Parse(body.Text("spec", "resources", "requests", "storage") ?? ""),
            "pods" or "services" or "persistentvolumeclaims" => 1,
            _ when resource.StartsWith("count/", StringComparison.Ordinal) => 1,
            _ when resource == body.Text("spec", "storageClassName") + OfStorageClass => Use("requests.storage", type, body),
            _ => 0,
        };
    }

    private static decimal? Sum(JsonObject pod, string kind, string resource)
    {
        var amounts = pod.Items("spec", "containers").Select(c => Quantity.Parse(c.Text("resources", kind, resource) ?? "")).ToList();
        return amounts.Contains(null) ? null : amounts.Sum();
    }
}
