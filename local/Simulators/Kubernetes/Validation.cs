using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>Refuses what the real server would: 400 for what does not fit the call, 422 for what does not fit the type.</summary>
internal static partial class Validation
{
    private const int LongestLabel = 63;
    private const int LongestName = 253;
    private const int MostReplicas = 1_000;

    /// <summary>Per type: what must be there, and what it must be.</summary>
    private static readonly Dictionary<string, (string Path, JsonValueKind Kind)[]> Required = new(StringComparer.Ordinal)
    {
        ["Deployment"] =
        [
            ("spec.selector", JsonValueKind.Object), ("spec.template.metadata.labels", JsonValueKind.Object),
            ("spec.template.spec.containers", JsonValueKind.Array),
        ],
        ["ReplicaSet"] = [("spec.selector", JsonValueKind.Object), ("spec.template.spec.containers", JsonValueKind.Array)],
        ["StatefulSet"] = [("spec.selector", JsonValueKind.Object), ("spec.template.spec.containers", JsonValueKind.Array)],
        ["Pod"] = [("spec.containers", JsonValueKind.Array)],
        ["Service"] = [("spec.ports", JsonValueKind.Array)],
        ["ResourceQuota"] = [("spec.hard", JsonValueKind.Object)],
        ["LimitRange"] = [("spec.limits", JsonValueKind.Array)],
        ["NetworkPolicy"] = [("spec.podSelector", JsonValueKind.Object)],
        ["PersistentVolumeClaim"] = [("spec.accessModes", JsonValueKind.Array), ("spec.resources.requests.storage", JsonValueKind.String)],
        ["CronJob"] = [("spec.schedule", JsonValueKind.String), ("spec.jobTemplate.spec.template.spec.containers", JsonValueKind.Array)],
        ["Job"] = [("spec.template.spec.containers", JsonValueKind.Array)],
        ["RoleBinding"] = [("roleRef", JsonValueKind.Object)],
        ["MachineDeployment"] =
        [
            ("spec.clusterName", JsonValueKind.String), ("spec.selector", JsonValueKind.Object),
            ("spec.template.spec.infrastructureRef.name", JsonValueKind.String), ("spec.template.spec.bootstrap", JsonValueKind.Object),
        ],
    };

    /// <summary>The body of a call, which must be about what the address names.</summary>
    public static JsonObject Read(ApiCall call, Draft draft)
    {
        var body = call.Body();
        CheckFields(call, body, draft);
        return body;
    }

    public static void CheckFields(ApiCall call, JsonObject body, Draft draft)
    {
        var (type, ns) = (call.Path.Type, call.Path.Namespace);
        if (body.Text("kind") != type.Kind || body.Text("apiVersion") != type.ApiVersion)
            throw KubernetesError.BadRequest(
                $"the API version and kind in the data do not match the expected {type.ApiVersion}, {type.Kind}");
        if (body["metadata"] is not JsonObject metadata)
            throw KubernetesError.BadRequest("metadata is not an object");
        if (metadata["namespace"] is not null && metadata.Text("namespace") != ns)
            throw KubernetesError.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        if (call.Path.Name is { } name && metadata.Text("name") != name)
            throw KubernetesError.BadRequest($"the name of the object does not match the name on the URL ({name})");
        if (type.IsNamespaced && draft.Find(ResourceType.Namespace, "", ns) is null)
            throw KubernetesError.NotFound(ResourceType.Namespace, ns);
        if (call.IsStrict && Unknown(type, body) is { Count: > 0 } unknown)
            throw KubernetesError.BadRequest(
                $"strict decoding error: {string.Join(", ", unknown.Select(field => $"unknown field \"{field}\""))}");
    }

    /// <param name="live">What it replaces.</param>
    public static void Check(ResourceType type, JsonObject body, JsonObject? live)
    {
        var faults = new List<(string Reason, string Message, string Field)>();
        var name = body.Text("metadata", "name") ?? "";
        if (name == "")
            faults.Add(Missing("metadata.name"));
        else if (!IsName(type, name))
            faults.Add(Invalid($"\"{name}\": a lowercase RFC 1123 name is letters, digits and hyphens", "metadata.name"));
        foreach (var (key, value) in body.At("metadata", "labels") as JsonObject ?? [])
            if (value.Text() is not { Length: <= LongestLabel } text || !LabelValue().IsMatch(text))
                faults.Add(Invalid($"\"{key}\": a label is up to {LongestLabel} letters, digits, '-', '_' and '.'", "metadata.labels"));
        foreach (var (path, kind) in Required.GetValueOrDefault(type.Kind, []))
            if (body.At(path.Split('.')) is not { } value || value.GetValueKind() != kind || value is JsonArray { Count: 0 })
                faults.Add(Missing(path));
        if (faults.Count == 0)
            CheckRules(type, body, live, faults);
        if (faults.Count > 0)
            throw KubernetesError.Invalid(type, name, faults);
    }

    private static void CheckRules(
        ResourceType type, JsonObject body, JsonObject? live, List<(string Reason, string Message, string Field)> faults)
    {
        var containers = type == ResourceType.Pod ? body.At("spec", "containers") : body.At("spec", "template", "spec", "containers");
        foreach (var (container, i) in (containers as JsonArray ?? []).Select((c, i) => (c, i)))
            foreach (var field in new[] { "name", "image" })
                if (container.Text(field) is not { Length: > 0 })
                    faults.Add(Missing($"spec.containers[{i}].{field}"));
        if (type.HasScale)
        {
            if (body.Number("spec", "replicas") is not (>= 0 and <= MostReplicas))
                faults.Add(Invalid($"must be 0 to {MostReplicas}, more is not simulated", "spec.replicas"));
            if (!Selectors.Matches(body.At("spec", "selector"), body.At("spec", "template", "metadata", "labels")))
                faults.Add(Invalid("`selector` does not match template `labels`", "spec.template.metadata.labels"));
        }
        if (type == ResourceType.ResourceQuota)
        {
            foreach (var (resource, amount) in body.At("spec", "hard") as JsonObject ?? [])
                if (Quantity.Parse(amount.Text() ?? "") is not >= 0)
                    faults.Add(Invalid("must be a quantity from 0 on", $"spec.hard[{resource}]"));
        }
        foreach (var fixedField in Immutable(type))
            if (live is not null && !JsonNode.DeepEquals(live.At(fixedField.Split('.')), body.At(fixedField.Split('.'))))
                faults.Add(Invalid("field is immutable", fixedField));
    }

    private static string[] Immutable(ResourceType type) => type switch
    {
        _ when type == ResourceType.Deployment || type == ResourceType.ReplicaSet || type == ResourceType.MachineDeployment =>
            ["spec.selector"],
        _ when type == ResourceType.RoleBinding => ["roleRef"],
        _ when type == ResourceType.PersistentVolumeClaim => ["spec.accessModes", "spec.storageClassName"],
        _ => [],
    };

    private static List<string> Unknown(ResourceType type, JsonObject body)
    {
        var top = body.Select(f => f.Key).Where(f => f is not ("apiVersion" or "kind" or "metadata") && !type.Fields.Contains(f));
        if (type.SpecFields.Count == 0 || body["spec"] is not JsonObject spec)
            return [.. top];
        return [.. top, .. spec.Select(f => f.Key).Where(f => !type.SpecFields.Contains(f)).Select(f => $"spec.{f}")];
    }

    private static bool IsName(ResourceType type, string name) => type == ResourceType.Namespace || type == ResourceType.Service
        ? name.Length <= LongestLabel && !name.Contains('.') && DnsName().IsMatch(name)
        : name.Length <= LongestName && (type.Group == "rbac.authorization.k8s.io" || DnsName().IsMatch(name));

    private static (string Reason, string Message, string Field) Missing(string field) => ("FieldValueRequired", "Required value", field);

    private static (string Reason, string Message, string Field) Invalid(string message, string field) =>
        ("FieldValueInvalid", $"Invalid value: {message}", field);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex DnsName();

    [GeneratedRegex(@"\A([A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?)?\z", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LabelValue();
}
