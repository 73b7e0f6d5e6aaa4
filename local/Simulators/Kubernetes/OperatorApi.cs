using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hexabase.Local.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hexabase.Local.Simulators.Kubernetes;

/// <summary>
/// The operator's view: <c>/admin/simulators/kubernetes</c>, JSON in snake_case: what there is, apps to play with, faults, and the fewest
/// ready replicas.
/// </summary>
internal sealed class OperatorApi(ClusterSimulator simulator)
{
    private const int LargestRequest = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public void Map(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapAdmin().MapGroup("/simulators/kubernetes");
        admin.MapGet(
            "/state",
            async (string? @namespace, CancellationToken ct) =>
                Results.Json(await simulator.Run(d => ClusterView.Of(d, @namespace), ct), Json));
        admin.MapPost("/apps", (HttpContext http, CancellationToken ct) => Take<DemoApp>(http, app => Deploy(http, app, ct), ct));
        admin.MapGet("/faults", async (CancellationToken ct) => Results.Json(await simulator.Run(d => d.Faults, ct), Json));
        admin.MapPut("/faults", (HttpContext http, CancellationToken ct) => Take<Faults>(http, faults => SetFaults(http, faults, ct), ct));
        admin.MapDelete("/faults", (CancellationToken ct) => Change(d => Set(d, new Faults()), ct));
        admin.MapGet("/readiness", async (CancellationToken ct) => Results.Json(await simulator.Run(d => d.State.Readiness, ct), Json));
        admin.MapDelete("/readiness", (CancellationToken ct) => Change(ReadinessLog.Reset, ct));
    }

    private async Task<IResult> Deploy(HttpContext http, DemoApp app, CancellationToken ct)
    {
        try
        {
            await Change(app.Deploy, ct);
            return Results.StatusCode(StatusCodes.Status201Created);
        }
        catch (KubernetesError refused)
        {
            return PlatformProblem.Of(http, refused.Code, "APP_REFUSED", refused.Message);
        }
    }

    private async Task<IResult> SetFaults(HttpContext http, Faults faults, CancellationToken ct)
    {
        if (faults.Fault() is { } fault)
            return PlatformProblem.Of(http, StatusCodes.Status400BadRequest, "INVALID_BODY", fault);
        await Change(d => Set(d, faults), ct);
        return Results.Json(faults, Json);
    }

    private static void Set(Draft draft, Faults faults)
    {
        draft.Faults = faults;
        Machines.TryAgain(draft);
    }

    private async Task<IResult> Change(Action<Draft> change, CancellationToken ct)
    {
        await simulator.Run(
            draft =>
            {
                change(draft);
                return true;
            },
            ct);
        return Results.NoContent();
    }

    private static async Task<IResult> Take<T>(HttpContext http, Func<T, Task<IResult>> use, CancellationToken ct)
    {
        try
        {
            if (http.Request.ContentLength is not <= LargestRequest)
                return TooLarge(http);
            var body = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, Json, ct);
            return body is null ? Malformed(http, "The body is empty.") : await use(body);
        }
        catch (JsonException e)
        {
            return Malformed(http, e.Message);
        }
    }

    private static ProblemHttpResult TooLarge(HttpContext http) => PlatformProblem.Of(
        http, StatusCodes.Status413PayloadTooLarge, "TOO_LARGE", $"Send up to {LargestRequest} bytes, with Content-Length.");

    private static ProblemHttpResult Malformed(HttpContext http, string detail) =>
        PlatformProblem.Of(http, StatusCodes.Status400BadRequest, "INVALID_BODY", detail);
}
