using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hexabase.Durable;
using Hexabase.Local.Functions;
using Hexabase.Local.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Hexabase.Local.Durable;

/// <summary>
/// The HTTP management API of the Durable extension, below <see cref="Prefix"/>: every call needs <c>code</c>. What it is asked to do
/// is stored when it answers. Errors are problem details with a <c>code</c>; Azure's have the same status and another body.
/// </summary>
internal sealed class ManagementApi(DurableEngine engine, InstanceQueries queries, DurableSettings settings, TimeProvider clock)
{
    public const string Prefix = "/runtime/webhooks/durabletask";

    /// <summary>Most bytes of an input or a payload.</summary>
    public const int LargestBody = 1024 * 1024;

    private const int LongestId = 256;
    private const int LargestPage = 1_000;
    private const string Continuation = "x-ms-continuation-token";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(230); // Azure's front end ends a request then
    private static readonly TimeSpan ShortestPolling = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan DefaultPolling = TimeSpan.FromSeconds(1);
    private static readonly SearchValues<char> NotInIds = SearchValues.Create("/\\?#");
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] code = Encoding.UTF8.GetBytes(settings.Code);

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Prefix).OnlyFromHere();
        api.AddEndpointFilter(async (context, next) => Admits(context.HttpContext.Request)
            ? await next(context)
            : Problem(
                context.HttpContext, StatusCodes.Status401Unauthorized, "KEY_REQUIRED", "The query parameter code is missing or wrong."));
        api.MapPost("/orchestrators/{name}/{id?}", Start);
        api.MapGet("/instances", List);
        api.MapDelete("/instances", PurgeAll);
        api.MapGet("/instances/{id}", (HttpContext http, string id) => Status(http, id));
        api.MapDelete("/instances/{id}", Purge);
        api.MapPost("/instances/{id}/raiseEvent/{eventName}", Raise);
        api.MapPost("/instances/{id}/terminate", Terminate);
        api.MapPost("/instances/{id}/suspend", (HttpContext http, string id, string? reason, CancellationToken ct) =>
            Answer(http, id, engine.Suspend(id, reason, ct)));
        api.MapPost("/instances/{id}/resume", (HttpContext http, string id, string? reason, CancellationToken ct) =>
            Answer(http, id, engine.Resume(id, reason, ct)));
        api.MapPost("/instances/{id}/restart", Restart);
        api.MapPost("/instances/{id}/rewind", (HttpContext http, string id) => Problem(
            http, StatusCodes.Status501NotImplemented, "NOT_IMPLEMENTED", "This platform does not rewind: restart the instance."));
    }

    private async Task<IResult> Start(HttpContext http, string name, string? id, CancellationToken ct)
    {
        var query = new ManagementQuery(http.Request.Query);
        var wait = query.Seconds("timeout", TimeSpan.Zero, LongestWait);
        var polling = query.Seconds("pollingInterval", ShortestPolling, LongestWait) ?? DefaultPolling;
        if (query.Fault is { } fault)
            return Malformed(http, fault.Field, fault.Detail);
        if (id is not null && (id.Length > LongestId || id.StartsWith('@') || id.AsSpan().ContainsAny(NotInIds) || id.Any(char.IsControl)))
        {
            return Malformed(
                http, "instanceId", $"An instance id does not begin with @, has none of / \\ ? # and at most {LongestId} characters.");
        }
        if (!engine.HasOrchestrator(name))
            return Malformed(http, "functionName", FailureDetails.NoSuchFunction(name, "orchestrator").ErrorMessage);
        var (input, refusal) = await ReadJson(http, ct);
        if (refusal is not null)
            return refusal;
        id ??= Guid.NewGuid().ToString("N");
        if (!await engine.Start(id, name, input, ct))
            return Exists(http, id);
        return wait is { } patience && await Finished(id, patience, polling, ct) is { } instance
            ? EndOf(http, instance)
            : Started(http, id);
    }

    private IResult Status(HttpContext http, string id)
    {
        var query = new ManagementQuery(http.Request.Query);
        var (showInput, showHistory) = (query.Flag("showInput", whenAbsent: true), query.Flag("showHistory", whenAbsent: false));
        var (showOutput, failWithIt) = (query.Flag("showHistoryOutput", false), query.Flag("returnInternalServerErrorOnFailure", false));
        if (query.Fault is { } fault)
            return Malformed(http, fault.Field, fault.Detail);
        if (queries.Find(id) is not { } instance)
            return NoSuchInstance(http, id);
        if (!instance.IsFinished)
        {
            http.Response.Headers.Location = Address(http, id);
            http.Response.Headers.RetryAfter = "5";
        }
        var history = showHistory ? queries.History(instance) : null;
        return Json(StatusOf(instance, failWithIt), json => InstanceJson.Write(json, instance, showInput, history, showOutput));
    }

    private IResult List(HttpContext http)
    {
        var query = new ManagementQuery(http.Request.Query);
        var (filter, showInput) = (query.Filter(), query.Flag("showInput", whenAbsent: true));
        var most = query.Number("top", 100, 1, LargestPage);
        if (query.Fault is { } fault)
            return Malformed(http, fault.Field, fault.Detail);
        var token = http.Request.Headers[Continuation].ToString();
        var after = 0L;
        if (token.Length > 0 && !long.TryParse(token, CultureInfo.InvariantCulture, out after))
            return Malformed(http, Continuation, "The continuation token is not one that was given.");
        var page = queries.List(filter, after, most);
        if (page.HasMore)
            http.Response.Headers[Continuation] = page.Instances[^1].Number.ToString(CultureInfo.InvariantCulture);
        return Json(StatusCodes.Status200OK, json =>
        {
            json.WriteStartArray();
            foreach (var instance in page.Instances)
                InstanceJson.Write(json, instance, showInput);
            json.WriteEndArray();
        });
    }

    private async Task<IResult> Raise(HttpContext http, string id, string eventName, CancellationToken ct)
    {
        if (!http.Request.HasJsonContentType())
            return Malformed(http, "Content-Type", "An event's payload is application/json.");
        var (payload, refusal) = await ReadJson(http, ct);
        return refusal ?? await Answer(http, id, engine.Raise(id, eventName, payload, ct));
    }

    /// <summary><c>recurse</c> is this platform's own: Azure knows it in its gRPC API only.</summary>
    private async Task<IResult> Terminate(HttpContext http, string id, string? reason, CancellationToken ct)
    {
        var query = new ManagementQuery(http.Request.Query);
        var recurse = query.Flag("recurse", whenAbsent: false);
        return query.Fault is { } fault
            ? Malformed(http, fault.Field, fault.Detail)
            : await Answer(http, id, engine.Terminate(id, reason, recurse, ct));
    }

    private async Task<IResult> Restart(HttpContext http, string id, CancellationToken ct)
    {
        var query = new ManagementQuery(http.Request.Query);
        var anew = query.Flag("restartWithNewInstanceId", whenAbsent: true);
        if (query.Fault is { } fault)
            return Malformed(http, fault.Field, fault.Detail);
        if (queries.Find(id) is not { } instance)
            return NoSuchInstance(http, id);
        var started = anew ? Guid.NewGuid().ToString("N") : id;
        return await engine.Start(started, instance.Name, instance.Input, ct) ? Started(http, started) : Exists(http, id);
    }

    private async Task<IResult> Purge(HttpContext http, string id, CancellationToken ct) => await queries.Purge(id, ct) switch
    {
        PurgeResult.Deleted => Deleted(1),
        PurgeResult.NotFinished => Problem(
            http, StatusCodes.Status409Conflict, "INSTANCE_RUNNING", $"The instance '{id}' has not finished."),
        _ => NoSuchInstance(http, id),
    };

    private async Task<IResult> PurgeAll(HttpContext http, CancellationToken ct)
    {
        var query = new ManagementQuery(http.Request.Query);
        var filter = query.Filter();
        if (query.Fault is { } fault)
            return Malformed(http, fault.Field, fault.Detail);
        if (query.Text("createdTimeFrom") is null)
            return Malformed(http, "createdTimeFrom", "createdTimeFrom is required.");
        var deleted = await queries.PurgeAll(filter, ct);
        return deleted > 0
            ? Deleted(deleted)
            : Problem(http, StatusCodes.Status404NotFound, "NOT_FOUND", "No finished instance is meant.");
    }

    private static async Task<IResult> Answer(HttpContext http, string id, Task<DeliveryStatus> sent) => await sent switch
    {
        DeliveryStatus.Sent => TypedResults.StatusCode(StatusCodes.Status202Accepted),
        DeliveryStatus.Finished => Problem(http, StatusCodes.Status410Gone, "INSTANCE_FINISHED", $"The instance '{id}' has finished."),
        _ => NoSuchInstance(http, id),
    };

    /// <summary>The body as JSON text, null when it is empty; or what is wrong with it.</summary>
    private static async Task<(string? Text, IResult? Refusal)> ReadJson(HttpContext http, CancellationToken ct)
    {
        var body = await http.Request.BodyReader.ReadAtLeastAsync(LargestBody + 1, ct);
        var bytes = body.Buffer.Length > LargestBody ? null : body.Buffer.ToArray();
        http.Request.BodyReader.AdvanceTo(body.Buffer.End);
        if (bytes is null)
        {
            return (null, Problem(
                http, StatusCodes.Status413PayloadTooLarge, "PAYLOAD_TOO_LARGE", $"A body has at most {LargestBody} bytes.", "body"));
        }
        if (bytes.Length == 0)
            return (null, null);
        var text = Encoding.UTF8.GetString(bytes);
        if (!JsonText.TryParse(text, out var json))
            return (null, Malformed(http, "body", "The body is not JSON."));
        json.Dispose();
        return (text, null);
    }

    private bool Admits(HttpRequest request) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Query["code"].ToString()), code);

    /// <summary>Null when it has not finished in time.</summary>
    private async Task<InstanceView?> Finished(string id, TimeSpan within, TimeSpan polling, CancellationToken ct)
    {
        var since = clock.GetTimestamp();
        while (true)
        {
            if (queries.Find(id) is { IsFinished: true } finished)
                return finished;
            var left = within - clock.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
                return null;
            await Task.Delay(left < polling ? left : polling, clock, ct);
        }
    }

    private static Utf8ContentHttpResult EndOf(HttpContext http, InstanceView instance)
    {
        var failWithIt = new ManagementQuery(http.Request.Query).Flag("returnInternalServerErrorOnFailure", whenAbsent: false);
        return instance.Status == OrchestrationStatus.Completed
            ? Json(StatusCodes.Status200OK, json => InstanceJson.WriteValue(json, instance.Output))
            : Json(StatusOf(instance, failWithIt), json => InstanceJson.Write(json, instance, showInput: true));
    }

    private static int StatusOf(InstanceView instance, bool failWithIt) => instance switch
    {
        { IsFinished: false } => StatusCodes.Status202Accepted,
        { Status: OrchestrationStatus.Failed } when failWithIt => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status200OK,
    };

    private Utf8ContentHttpResult Started(HttpContext http, string id)
    {
        http.Response.Headers.Location = Address(http, id);
        http.Response.Headers.RetryAfter = "10";
        return Json(StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("statusQueryGetUri", Address(http, id));
            json.WriteString("sendEventPostUri", Address(http, id, "/raiseEvent/{eventName}"));
            json.WriteString("terminatePostUri", Address(http, id, "/terminate", "reason={text}&"));
            json.WriteString("purgeHistoryDeleteUri", Address(http, id));
            json.WriteString("restartPostUri", Address(http, id, "/restart"));
            json.WriteString("suspendPostUri", Address(http, id, "/suspend", "reason={text}&"));
            json.WriteString("resumePostUri", Address(http, id, "/resume", "reason={text}&"));
            json.WriteEndObject();
        });
    }

    private string Address(HttpContext http, string id, string what = "", string query = "") =>
        $"{http.Request.Scheme}://{http.Request.Host}{Prefix}/instances/{Uri.EscapeDataString(id)}{what}"
        + $"?{query}taskHub={Uri.EscapeDataString(settings.HubName)}&connection=Storage&code={Uri.EscapeDataString(settings.Code)}";

    private static Utf8ContentHttpResult Deleted(int instances) => Json(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("instancesDeleted", instances);
        json.WriteEndObject();
    });

    private static Utf8ContentHttpResult Json(int status, Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Relaxed))
            write(json);
        return TypedResults.Text(text.WrittenSpan, "application/json; charset=utf-8", status);
    }

    /// <summary>The status is Azure's.</summary>
    private static ProblemHttpResult Exists(HttpContext http, string id) => Problem(
        http, StatusCodes.Status500InternalServerError, "INSTANCE_EXISTS", $"An instance with the id '{id}' is running.", "instanceId");

    private static ProblemHttpResult NoSuchInstance(HttpContext http, string id) =>
        Problem(http, StatusCodes.Status404NotFound, "NOT_FOUND", $"There is no instance '{id}'.");

    private static ProblemHttpResult Malformed(HttpContext http, string field, string detail) =>
        Problem(http, StatusCodes.Status400BadRequest, "MALFORMED", detail, field);

    private static ProblemHttpResult Problem(HttpContext http, int status, string code, string detail, string? field = null) =>
        PlatformProblem.Of(http, status, code, detail, field);
}
