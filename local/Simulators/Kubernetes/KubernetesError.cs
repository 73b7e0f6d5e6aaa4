using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>A refusal as the API server words it (fact sheet, §2). What the call has changed so far is taken back.</summary>
internal sealed class KubernetesError(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code => code;

    public JsonObject Status => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = Message,
        ["reason"] = reason,
        ["details"] = details,
        ["code"] = code,
    };

    public static KubernetesError BadRequest(string message) => new(400, "BadRequest", message);

    public static KubernetesError Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static KubernetesError NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource");

    public static KubernetesError NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.FullName} \"{name}\" not found", Details(type, name));

    public static KubernetesError MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static KubernetesError AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.FullName} \"{name}\" already exists", Details(type, name));

    public static KubernetesError Stale(ResourceType type, string name) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {type.FullName} \"{name}\": the object has been modified; "
            + "please apply your changes to the latest version and try again",
        Details(type, name));

    public static KubernetesError PreconditionFailed(ResourceType type, string name, string what) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {type.FullName} \"{name}\": the {what} in the precondition does not match the {what} in record",
        Details(type, name));

    /// <param name="conflicts">Who owns what.</param>
    public static KubernetesError ApplyConflict(IReadOnlyList<(string Manager, string Field)> conflicts) => new(
        409,
        "Conflict",
        $"Apply failed with {conflicts.Count} conflict(s): "
            + $"{string.Join(", ", conflicts.Select(c => $"conflict with \"{c.Manager}\": {c.Field}"))}",
        new JsonObject
        {
            ["causes"] = new JsonArray(
                [.. conflicts.Select(c => Cause("FieldManagerConflict", $"conflict with \"{c.Manager}\"", c.Field))]),
        });

    public static KubernetesError TooLarge() => new(413, "RequestEntityTooLarge", "Request entity too large: limit is 1572864");

    public static KubernetesError UnsupportedMediaType(string detail) => new(415, "UnsupportedMediaType", detail);

    public static KubernetesError Forbidden(ResourceType type, string name, string why, JsonObject? cause = null)
    {
        var details = Details(type, name);
        if (cause is not null)
            details["causes"] = new JsonArray(cause);
        return new(403, "Forbidden", $"{type.FullName} \"{name}\" is forbidden: {why}", details);
    }

    /// <param name="faults">Reason, what is wrong, and where.</param>
    public static KubernetesError Invalid(
        ResourceType type, string name, IReadOnlyList<(string Reason, string Message, string Field)> faults)
    {
        var details = Details(type, name);
        details["kind"] = type.Kind;
        details["causes"] = new JsonArray([.. faults.Select(f => Cause(f.Reason, f.Message, f.Field))]);
        var subject = type.Group == "" ? type.Kind : $"{type.Kind}.{type.Group}";
        var told = string.Join(", ", faults.Select(f => $"{f.Field}: {f.Message}"));
        return new(422, "Invalid", $"{subject} \"{name}\" is invalid: {told}", details);
    }

    public static KubernetesError EvictionRefused(string budget, int needed, int healthy) => new(
        429,
        "TooManyRequests",
        "Cannot evict pod as it would violate the pod's disruption budget.",
        new JsonObject
        {
            ["causes"] = new JsonArray(
                Cause(
                    "DisruptionBudget",
                    $"The disruption budget {budget} needs {needed} healthy pods and has {healthy} currently",
                    field: null)),
        });

    public static KubernetesError ServiceUnavailable(string message) => new(503, "ServiceUnavailable", message);

    public static JsonObject Cause(string reason, string message, string? field)
    {
        var cause = new JsonObject { ["reason"] = reason, ["message"] = message };
        if (field is not null)
            cause["field"] = field;
        return cause;
    }

    private static JsonObject Details(ResourceType type, string name)
    {
        var details = new JsonObject { ["name"] = name, ["kind"] = type.Plural };
        if (type.Group != "")
            details["group"] = type.Group;
        return details;
    }
}
