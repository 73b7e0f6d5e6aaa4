using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Hexabase.Worker.Durable;
using Hexabase.Worker.Durable.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.Durable;

/// <summary>
/// The management API of the Durable extension on a real port, as durable-custom-handler.md §4 has it, over instances that run until they
/// are told otherwise. Calls can be made to go wrong.
/// </summary>
internal sealed class FakeDurableHost : IAsyncDisposable
{
    public const string Code = "k/+= secret";
    public const string Known = "Chain";

    private const string Prefix = "/runtime/webhooks/durabletask";

    private readonly WebApplication app;
    private readonly ConcurrentQueue<Trouble> troubles = new();

    private FakeDurableHost(WebApplication app) => this.app = app;

    public ConcurrentDictionary<string, Instance> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Everything that took effect: <c>start id</c>, <c>raise id name payload</c>, <c>terminate id reason</c> and so on.</summary>
    public ConcurrentQueue<string> Deeds { get; } = new();

    /// <summary>The status of an instance as soon as it is started.</summary>
    public string StatusOfStarted { get; set; } = "Running";

    /// <summary>How often it was called, whatever came of it.</summary>
    public int Calls { get; private set; }

    public string BaseUrl => $"{app.Urls.Single()}{Prefix}";

    public static async Task<FakeDurableHost> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var host = new FakeDurableHost(builder.Build());
        host.app.Urls.Add("http://127.0.0.1:0");
        host.app.Use(host.MayGoWrong);
        host.Map(host.app.MapGroup(Prefix));
        await host.app.StartAsync();
        return host;
    }

    /// <summary>The next call goes wrong: answered with a status, or with nothing at all; before or after it has taken effect.</summary>
    public void GoWrong(int? status, bool afterItsEffect = false) => troubles.Enqueue(new Trouble(status, afterItsEffect));

    public DurableTaskClient Client(TimeProvider? clock = null, Action<DurableTaskOptions>? configure = null) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(clock ?? new ImpatientTimeProvider())
        .Configure(configure ?? (_ => { }))
        .AddDurableTaskClient(new DurableTaskHost(new Uri(BaseUrl), Code))
        .BuildServiceProvider().GetRequiredService<DurableTaskClient>();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    internal sealed record Instance(
        string Name, JsonNode? Input, string Status = "Running", JsonNode? Output = null, JsonNode? CustomStatus = null)
    {
        public bool IsLive => Status is "Running" or "Pending" or "ContinuedAsNew" or "Suspended";
    }

    private sealed record Trouble(int? Status, bool AfterItsEffect);

    private async Task MayGoWrong(HttpContext context, RequestDelegate next)
    {
        Calls++;
        if (!troubles.TryDequeue(out var trouble))
        {
            await next(context);
            return;
        }
        if (trouble.AfterItsEffect)
        {
            var answer = context.Response.Body;
            context.Response.Body = Stream.Null;
            await next(context);
            context.Response.Body = answer;
        }
        if (trouble.Status is not { } status)
        {
            context.Abort();
            return;
        }
        context.Response.Clear();
        context.Response.StatusCode = status;
    }

    private void Map(RouteGroupBuilder api)
    {
        api.AddEndpointFilter(async (call, next) =>
            call.HttpContext.Request.Query["code"] == Code ? await next(call) : Results.StatusCode(StatusCodes.Status401Unauthorized));
        api.MapPost("/orchestrators/{function}/{id}", async (string function, string id, HttpRequest request) =>
        {
            if (function != Known)
                return Results.BadRequest($"The function '{function}' doesn't exist.");
            if (Instances.TryGetValue(id, out var existing) && existing.IsLive)
                return Results.StatusCode(StatusCodes.Status500InternalServerError);
            var input = request.ContentLength > 0 ? await JsonNode.ParseAsync(request.Body) : null;
            Instances[id] = new Instance(function, input, StatusOfStarted);
            Deeds.Enqueue($"start {id}");
            return Results.Json(new { id }, statusCode: StatusCodes.Status202Accepted);
        });
        api.MapGet("/instances/{id}", (string id, bool showInput = true) => Instances.TryGetValue(id, out var instance)
            ? Results.Json(
                new JsonObject
                {
                    ["name"] = instance.Name,
                    ["instanceId"] = id,
                    ["runtimeStatus"] = instance.Status,
                    ["input"] = showInput ? instance.Input?.DeepClone() : null,
                    ["customStatus"] = instance.CustomStatus?.DeepClone(),
                    ["output"] = instance.Output?.DeepClone(),
                    ["createdTime"] = "2026-01-15T00:00:00Z",
                    ["lastUpdatedTime"] = "2026-01-15T00:00:01Z",
                },
                statusCode: instance.IsLive ? StatusCodes.Status202Accepted : StatusCodes.Status200OK)
            : Results.NotFound());
        api.MapPost("/instances/{id}/raiseEvent/{name}", async (string id, string name, HttpRequest request) => request.HasJsonContentType()
            ? Tell(id, $"raise {id} {name} {await JsonNode.ParseAsync(request.Body)}", i => i)
            : Results.BadRequest("Only application/json request content is supported"));
        foreach (var (deed, status) in new[] { ("terminate", "Terminated"), ("suspend", "Suspended"), ("resume", "Running") })
            api.MapPost($"/instances/{{id}}/{deed}", (string id, string? reason) =>
                Tell(id, $"{deed} {id} {reason}", instance => instance with { Status = status }));
        api.MapDelete("/instances", (DateTimeOffset createdTimeFrom, DateTimeOffset createdTimeTo, string runtimeStatus) =>
        {
            Deeds.Enqueue($"purge {createdTimeTo:O} {runtimeStatus}");
            var finished = Instances.Where(i => createdTimeFrom < createdTimeTo && !i.Value.IsLive).ToList();
            finished.ForEach(i => Instances.TryRemove(i));
            return finished.Count > 0 ? Results.Json(new { instancesDeleted = finished.Count }) : Results.NotFound();
        });
        api.MapDelete("/instances/{id}", (string id) => Instances.TryGetValue(id, out var instance) && instance.IsLive
            ? Results.Conflict()
            : Instances.TryRemove(id, out _) ? Results.Json(new { instancesDeleted = 1 }) : Results.NotFound());
    }

    private IResult Tell(string id, string deed, Func<Instance, Instance> change)
    {
        if (!Instances.TryGetValue(id, out var instance))
            return Results.NotFound();
        if (!instance.IsLive)
            return Results.StatusCode(StatusCodes.Status410Gone);
        Instances[id] = change(instance);
        Deeds.Enqueue(deed);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }
}
