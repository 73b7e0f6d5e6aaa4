using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>The API server over HTTP: who asks, what is asked, and the faults that calls themselves have.</summary>
internal sealed class ApiEndpoint(ClusterSimulator simulator, ServiceProxy proxy, string token)
{
    /// <summary>As much as the real server takes.</summary>
    private const int LargestRequest = 1_572_864;

    private readonly byte[] authorization = Encoding.UTF8.GetBytes($"Bearer {token}");

    public async Task Handle(HttpContext http)
    {
        ApiAnswer answer;
        try
        {
            answer = await Answer(http);
        }
        catch (KubernetesError refused)
        {
            answer = new ApiAnswer(refused.Code, refused.Status);
        }
        if (answer.Code == 0)
        {
            http.Abort();
            return;
        }
        if (answer.Code == StatusCodes.Status429TooManyRequests)
            http.Response.Headers.RetryAfter = "1";
        http.Response.StatusCode = answer.Code;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        await http.Response.WriteAsync(answer.Body.ToJsonString(KubeJson.Written), http.RequestAborted);
    }

    private async Task<ApiAnswer> Answer(HttpContext http)
    {
        var (method, path, ct) = (http.Request.Method, (string?)http.GetRouteValue("path") ?? "", http.RequestAborted);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()), authorization))
            throw KubernetesError.Unauthorized();
        if (Discovery(path) is { } discovered)
            return new ApiAnswer(StatusCodes.Status200OK, discovered);
        var address = ApiPath.Parse(path);
        if (address is { Subresource: "proxy" } && address.Type == ResourceType.Service)
            return await simulator.Run(draft => TakeFault(draft, method, path, afterEffect: false), ct) ?? await proxy.Ask(address, ct);
        var call = new ApiCall(
            method, address, http.Request.Query, http.Request.ContentType, await Read(http.Request), http.Request.Headers.UserAgent);
        return await simulator.Run(
            draft =>
            {
                if (TakeFault(draft, method, path, afterEffect: false) is { } fault)
                    return fault;
                var answer = ObjectApi.Answer(draft, call);
                return TakeFault(draft, method, path, afterEffect: true) ?? answer;
            },
            ct);
    }

    /// <summary>The next fault that is to befall such a call; it is used up by that.</summary>
    private static ApiAnswer? TakeFault(Draft draft, string method, string path, bool afterEffect)
    {
        var faults = draft.Faults.Api;
        if (faults.FirstOrDefault(f => f.AfterEffect == afterEffect && f.Covers(method, path)) is not { } fault)
            return null;
        var left = faults.Select(f => ReferenceEquals(f, fault) ? f with { Times = f.Times - 1 } : f).Where(f => f.Times > 0);
        draft.Faults = draft.Faults with { Api = [.. left] };
        return new ApiAnswer(fault.Status, new KubernetesError(fault.Status, "InternalError", "an injected fault").Status);
    }

    /// <summary>The version of the server, or of a group; null for other addresses.</summary>
    private static JsonObject? Discovery(string path)
    {
        if (path == "version")
            return new JsonObject { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0-simulated" };
        if (path.Split('/') is not ["apis", var group] || ResourceType.All.FirstOrDefault(t => t.Group == group) is not { } type)
            return null;
        JsonObject Version() => new() { ["groupVersion"] = type.ApiVersion, ["version"] = type.Version };
        return new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = group,
            ["versions"] = new JsonArray(Version()),
            ["preferredVersion"] = Version(),
        };
    }

    private static async Task<ReadOnlyMemory<byte>> Read(HttpRequest request)
    {
        var body = await request.BodyReader.ReadAtLeastAsync(LargestRequest + 1, request.HttpContext.RequestAborted);
        if (body.Buffer.Length > LargestRequest)
            throw KubernetesError.TooLarge();
        var content = System.Buffers.BuffersExtensions.ToArray(body.Buffer);
        request.BodyReader.AdvanceTo(body.Buffer.End);
        return content;
    }
}
