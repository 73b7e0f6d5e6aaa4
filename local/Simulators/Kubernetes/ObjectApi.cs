using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Owners = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableSortedSet<string>>;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// Reads and writes of objects as the real server does them (fact sheet, §1). Left out, and refused: watch, dry runs, JSON patches and
/// directives of strategic patches.
/// </summary>
internal static class ObjectApi
{
    /// <exception cref="KubernetesError">The call is refused.</exception>
    public static ApiAnswer Answer(Draft draft, ApiCall call)
    {
        if (call.Query.ContainsKey("watch") || call.Query.ContainsKey("dryRun"))
            throw KubernetesError.BadRequest("neither watch nor dryRun is simulated");
        return (call.Method, call.Path.Name, call.Path.Subresource) switch
        {
            ("GET", null, _) => new ApiAnswer(200, List(draft, call)),
            ("GET", _, null) => new ApiAnswer(200, Copy(Existing(draft, call.Path))),
            ("POST", null, _) => new ApiAnswer(201, Copy(Create(draft, call))),
            ("PUT", { }, null) => new ApiAnswer(200, Copy(Replace(draft, call))),
            ("PATCH", { } name, null) => Patch(draft, call, name),
            ("DELETE", { }, null) => new ApiAnswer(200, Delete(draft, call)),
            ("GET" or "PUT" or "PATCH", { }, "scale") when call.Path.Type.HasScale => new ApiAnswer(200, Scale(draft, call)),
            ("POST", { }, "eviction") when call.Path.Type == ResourceType.Pod => new ApiAnswer(201, Evict(draft, call)),
            (_, _, null) => throw KubernetesError.MethodNotAllowed(),
            _ => throw KubernetesError.NoSuchPath(),
        };
    }

    private static KubeObject Existing(Draft draft, ApiPath path) =>
        draft.Find(path.Type, path.Namespace, path.Name!) ?? throw KubernetesError.NotFound(path.Type, path.Name!);

    private static JsonObject List(Draft draft, ApiCall call)
    {
        var type = call.Path.Type;
        var wanted = (call.Path.Namespace == "" ? draft.All(type) : draft.All(type, call.Path.Namespace))
            .Where(Selectors.ForLabels(call.Query["labelSelector"].ToString()))
            .Where(Selectors.ForFields(call.Query["fieldSelector"].ToString()))
            .ToList();
        var skipped = call.Query["continue"] is [{ Length: > 0 } token] ? Position(token) : 0;
        var page = wanted.Skip(skipped).Take(call.Number("limit") is > 0 and var limit ? limit : int.MaxValue).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = draft.State.Version.ToString(CultureInfo.InvariantCulture) };
        if (wanted.Count - skipped - page.Count is > 0 and var left)
        {
            var position = (skipped + page.Count).ToString(CultureInfo.InvariantCulture);
            metadata["continue"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(position));
            metadata["remainingItemCount"] = left;
        }
        return new JsonObject
        {
            ["kind"] = $"{type.Kind}List",
            ["apiVersion"] = type.ApiVersion,
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. page.Select(Item)]),
        };
    }

    private static int Position(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            && int.TryParse(bytes.AsSpan(0, length), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : throw KubernetesError.BadRequest("continue key is not valid");
    }

    /// <summary>In lists the real server leaves out the kind of what is built in.</summary>
    private static JsonObject Item(KubeObject item)
    {
        var body = Copy(item);
        if (item.Type.IsBuiltIn)
        {
            body.Remove("apiVersion");
            body.Remove("kind");
        }
        return body;
    }

    private static KubeObject Create(Draft draft, ApiCall call)
    {
        var body = Validation.Read(call, draft);
        if (body.Text("metadata", "name") is not { Length: > 0 } && body.Text("metadata", "generateName") is { Length: > 0 } prefix)
            body.Set(prefix + draft.NewSuffix(), "metadata", "name");
        return Add(draft, call, body, Ownership.AfterUpdate(KubeObject.NoOwners, [], body, call.Manager));
    }

    private static KubeObject Add(
        Draft draft, ApiCall call, JsonObject body, Owners owners)
    {
        var type = call.Path.Type;
        ServerFields.Restore(body, live: null);
        if (type.IsNamespaced)
            body.Set(call.Path.Namespace, "metadata", "namespace");
        Defaults.Fill(type, body);
        Validation.Check(type, body, live: null);
        var name = body.Text("metadata", "name")!;
        if (draft.Find(type, call.Path.Namespace, name) is not null)
            throw KubernetesError.AlreadyExists(type, name);
        Admission.Check(draft, type, body);
        return draft.Add(type, body, owners);
    }

    private static KubeObject Replace(Draft draft, ApiCall call)
    {
        var live = Existing(draft, call.Path);
        return Write(draft, call, live, Validation.Read(call, draft));
    }

    private static ApiAnswer Patch(Draft draft, ApiCall call, string name)
    {
        switch (call.MediaType)
        {
            case "application/apply-patch+yaml":
                return Apply(draft, call, name);
            case "application/merge-patch+json":
                return new ApiAnswer(200, Copy(Patch(draft, call, Merge.Plain)));
            case "application/strategic-merge-patch+json" when call.Path.Type.IsBuiltIn:
                return new ApiAnswer(200, Copy(Patch(draft, call, Merge.ByKey)));
            default:
                throw KubernetesError.UnsupportedMediaType($"the body of the request was in an unsupported format: {call.ContentType}");
        }
    }

    private static KubeObject Patch(Draft draft, ApiCall call, Action<JsonObject, JsonObject> merge)
    {
        var live = Existing(draft, call.Path);
        var patched = Copy(live);
        merge(patched, call.Body());
        Validation.CheckFields(call, patched, draft);
        return Write(draft, call, live, patched);
    }

    private static ApiAnswer Apply(Draft draft, ApiCall call, string name)
    {
        if (call.Query["fieldManager"] is not [{ Length: > 0 and <= 128 } manager])
            throw KubernetesError.BadRequest(
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        var intent = Validation.Read(call, draft);
        if (intent.At("metadata", "managedFields") is not null)
            throw KubernetesError.BadRequest("metadata.managedFields must be nil");
        if (draft.Find(call.Path.Type, call.Path.Namespace, name) is not { } live)
        {
            var (created, owners) = Ownership.Apply([], KubeObject.NoOwners, intent, manager, force: false);
            return new ApiAnswer(201, Copy(Add(draft, call, created, owners)));
        }
        CheckVersion(live, intent);
        var (body, owned) = Ownership.Apply(live.Body, live.Owners, intent, manager, force: call.Query["force"] == "true");
        Defaults.Fill(live.Type, body);
        Validation.Check(live.Type, body, live.Body);
        Machines.TryAgain(draft, live);
        return new ApiAnswer(200, Copy(draft.Put(draft.Change(live, target => Overwrite(target, body)) with { Owners = owned })));
    }

    /// <summary>The whole object as somebody other than an applier wants it.</summary>
    private static KubeObject Write(Draft draft, ApiCall call, KubeObject live, JsonObject body)
    {
        CheckVersion(live, body);
        ServerFields.Restore(body, live.Body);
        Defaults.Fill(live.Type, body);
        Validation.Check(live.Type, body, live.Body);
        Machines.TryAgain(draft, live);
        var owners = Ownership.AfterUpdate(live.Owners, live.Body, body, call.Manager);
        return draft.Put(draft.Change(live, target => Overwrite(target, body)) with { Owners = owners });
    }

    private static void CheckVersion(KubeObject live, JsonObject body)
    {
        if (body.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != live.Body.Text("metadata", "resourceVersion"))
            throw KubernetesError.Stale(live.Type, live.Name);
    }

    private static void Overwrite(JsonObject target, JsonObject body)
    {
        target.Clear();
        foreach (var (name, value) in body)
            target[name] = value?.DeepClone();
    }

    private static JsonObject Delete(Draft draft, ApiCall call)
    {
        var item = Existing(draft, call.Path);
        var options = call.Content.IsEmpty ? [] : call.Body();
        var grace = options.Number("gracePeriodSeconds") ?? call.Number("gracePeriodSeconds");
        var policy = options.Text("propagationPolicy") ?? call.Query["propagationPolicy"].ToString();
        foreach (var what in new[] { "uid", "resourceVersion" })
        {
            if (options.Text("preconditions", what) is { } wanted && wanted != item.Body.Text("metadata", what))
                throw KubernetesError.PreconditionFailed(item.Type, item.Name, what);
        }
        Deletion.Delete(draft, item, policy, grace);
        return draft.Latest(item) is { } waiting ? Copy(waiting) : Success(item);
    }

    private static JsonObject Evict(Draft draft, ApiCall call)
    {
        var pod = Existing(draft, call.Path);
        var options = call.Body();
        DisruptionBudgets.Check(draft, pod);
        Deletion.Delete(draft, pod, policy: "", options.Number("deleteOptions", "gracePeriodSeconds"));
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        };
    }

    private static JsonObject Scale(Draft draft, ApiCall call)
    {
        var item = Existing(draft, call.Path);
        if (call.Method != "GET")
        {
            if (call.Method == "PATCH"
                && call.MediaType is not ("application/merge-patch+json" or "application/strategic-merge-patch+json"))
                throw KubernetesError.UnsupportedMediaType($"the body of the request was in an unsupported format: {call.ContentType}");
            var wanted = call.Body();
            CheckVersion(item, wanted);
            if (wanted.Number("spec", "replicas") is not >= 0)
                throw KubernetesError.Invalid(item.Type, item.Name, [("FieldValueInvalid", "must be a number from 0 on", "spec.replicas")]);
            var body = Copy(item);
            body.Set(wanted.Number("spec", "replicas"), "spec", "replicas");
            item = Write(draft, call, item, body);
        }
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = item.Name,
                ["namespace"] = item.Namespace,
                ["uid"] = item.Uid,
                ["resourceVersion"] = item.Body.Text("metadata", "resourceVersion"),
            },
            ["spec"] = new JsonObject { ["replicas"] = item.Spec.Number("replicas") ?? 0 },
            ["status"] = new JsonObject
            {
                ["replicas"] = item.Status.Number("replicas") ?? 0,
                ["selector"] = string.Join(',', item.Spec.Map("selector", "matchLabels").Select(l => $"{l.Key}={l.Value}")),
            },
        };
    }

    private static JsonObject Success(KubeObject deleted) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["details"] = new JsonObject
        {
            ["name"] = deleted.Name,
            ["group"] = deleted.Type.Group,
            ["kind"] = deleted.Type.Plural,
            ["uid"] = deleted.Uid,
        },
    };

    private static JsonObject Copy(KubeObject item) => (JsonObject)item.Body.DeepClone();
}
