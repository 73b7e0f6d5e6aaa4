using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// Visitors of apps, by way of the API server: one of a service's endpoints answers, in turn, after what the faults make it wait. A pod
/// that is not ready, or is ending, is no endpoint.
/// </summary>
internal sealed class ServiceProxy(ClusterSimulator simulator, TimeProvider clock)
{
    private uint turn;

    /// <exception cref="KubernetesError">There is no such service, or nobody to answer for it.</exception>
    public async Task<ApiAnswer> Ask(ApiPath path, CancellationToken ct)
    {
        var mine = Interlocked.Increment(ref turn);
        var (pod, place, latency) = await simulator.Run(draft => Choose(draft, path, mine), ct);
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, clock, ct);
        if (!await simulator.Run(draft => draft.Latest(pod)?.Uid == pod.Uid, ct))
            throw KubernetesError.ServiceUnavailable($"error trying to reach service: the connection to pod {pod.Name} was reset");
        return new ApiAnswer(200, new JsonObject { ["app"] = place.App, ["pod"] = pod.Name, ["node"] = place.Node });
    }

    private static (KubeObject Pod, PodPlace Place, TimeSpan Latency) Choose(Draft draft, ApiPath path, uint turn)
    {
        // {scheme:}name{:port}
        var (name, port) = path.Name!.Split(':') switch
        {
            [var only] => (only, ""),
            [var named, var at] => (named, at),
            [_, var named, var at] => (named, at),
            _ => throw KubernetesError.BadRequest($"invalid service request {path.Name}"),
        };
        var service = draft.Find(ResourceType.Service, path.Namespace, name) ?? throw KubernetesError.NotFound(ResourceType.Service, name);
        if (port != "" && !service.Spec.Items("ports").Any(p => p.Text("name") == port || p["port"]?.ToJsonString() == port))
            throw KubernetesError.ServiceUnavailable($"no service port {port} found for service \"{name}\"");
        var selector = service.Spec.Map("selector").ToList();
        var endpoints = draft.All(ResourceType.Pod, path.Namespace)
            .Where(p => selector.Count > 0 && !p.IsTerminating && p.Is("Ready") && Selectors.MatchesMap(selector, p.Labels))
            .ToList();
        if (endpoints.Count == 0)
            throw KubernetesError.ServiceUnavailable($"no endpoints available for service \"{name}\"");
        var chosen = endpoints[(int)(turn % (uint)endpoints.Count)];
        var place = Nodes.PlaceOf(draft, chosen)!.Value;
        return (chosen, place, draft.Faults.LatencyOf(place));
    }
}
