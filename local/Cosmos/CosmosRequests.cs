using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Hexabase.Local.Cosmos;

/// <summary>Decides for each request whether the emulator can do it as it is, and does the rest.</summary>
internal sealed class CosmosRequests(Uri endpoint, MasterKey key, Emulator emulator, Batches batches, IHttpForwarder forwarder, HttpMessageInvoker http)
    : IDisposable
{
    /// <summary>Bytes of a request, as the service: an item, or all items of a batch.</summary>
    public const int LargestBody = 2 * 1024 * 1024;

    private const int MostOperations = 100;
    private const string Json = "application/json";
    private static readonly ForwardedRequest Request = new();
    private static readonly ForwarderRequestConfig Config = new() { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>One write at a time: a batch checks its conditions before it writes.</summary>
    private readonly SemaphoreSlim writing = new(1);

    public async Task Serve(HttpContext context)
    {
        try
        {
            await (Refusal(context.Request) is var (status, message) ? Refuse(context, status, message) : Dispatch(context));
        }
        catch (MalformedBatchException e)
        {
            await Refuse(context, HttpStatusCode.BadRequest, e.Message);
        }
    }

    public void Dispose() => writing.Dispose();

    private (HttpStatusCode Status, string Message)? Refusal(HttpRequest request)
    {
        if (!key.Signed(request))
            return (HttpStatusCode.Unauthorized, "The signature does not match: is this the key of the emulator?");
        if (request.ContentLength > LargestBody)
            return (HttpStatusCode.RequestEntityTooLarge, $"A request has at most {LargestBody} bytes.");
        return null;
    }

    private Task Dispatch(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (context.Request.Path == "/")
            return ServeAccount(context);
        if (headers.Says(CosmosHeaders.IsQueryPlan))
            return Answer(context, QueryPlan.PassThrough, Json);
        if (headers.Says(CosmosHeaders.IsBatch))
            return ServeBatch(context);
        headers[CosmosHeaders.CrossPartition] = "True"; // else the emulator refuses some queries, and breaks on reading what is not there
        if (headers.Says(CosmosHeaders.IsQuery))
            return ServeQuery(context);
        return HttpMethods.IsGet(context.Request.Method) ? Forward(context) : Alone(() => Forward(context), context.RequestAborted);
    }

    private async Task ServeAccount(HttpContext context)
    {
        var account = await emulator.Account(context.RequestAborted);
        account["writableLocations"] = Locations();
        account["readableLocations"] = Locations();
        account["userConsistencyPolicy"] = new JsonObject { ["defaultConsistencyLevel"] = "Strong" };
        await Answer(context, JsonSerializer.SerializeToUtf8Bytes(account), Json);

        JsonArray Locations() => [new JsonObject { ["name"] = "This machine", ["databaseAccountEndpoint"] = endpoint.AbsoluteUri }];
    }

    private async Task ServeQuery(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.TryGetValue(CosmosHeaders.PartitionKey, out var partitionKey)
            && await emulator.PartitionKey(ContainerOf(context), context.RequestAborted) is { } path)
        {
            var query = (await JsonNode.ParseAsync(request.Body, cancellationToken: context.RequestAborted))!;
            query["query"] = PartitionedQuery.Restrict((string)query["query"]!, path);
            var parameters = query["parameters"] as JsonArray ?? [];
            parameters.Add(new JsonObject { ["name"] = PartitionedQuery.Parameter, ["value"] = JsonNode.Parse(partitionKey!)![0]!.DeepClone() });
            query["parameters"] ??= parameters;
            var restricted = JsonSerializer.SerializeToUtf8Bytes(query);
            request.Body = new MemoryStream(restricted);
            request.ContentLength = restricted.Length;
        }
        await Forward(context);
    }

    private async Task ServeBatch(HttpContext context)
    {
        if (!context.Request.Headers.Says(CosmosHeaders.IsAtomic))
            throw new MalformedBatchException("Bulk requests are not served here, only transactional batches.");
        var operations = await ReadBatch(context);
        if (operations.Count > MostOperations)
            throw new MalformedBatchException($"A batch has at most {MostOperations} operations.");
        var results = await Alone(
            () => batches.Apply(ContainerOf(context), context.Request.Headers[CosmosHeaders.PartitionKey]!, operations, context.RequestAborted),
            context.RequestAborted);
        context.Response.StatusCode = results.All(r => r.Status < StatusCodes.Status400BadRequest) ? StatusCodes.Status200OK : StatusCodes.Status207MultiStatus;
        context.Response.Headers[CosmosHeaders.RequestCharge] = results.Sum(r => r.Charge).ToString(CultureInfo.InvariantCulture);
        await Answer(context, await BatchRows.Write(results), "application/octet-stream");
    }

    private static async Task<IReadOnlyList<BatchOperation>> ReadBatch(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        return await BatchRows.Read(body);
    }

    private async Task<ForwarderError> Forward(HttpContext context) =>
        await forwarder.SendAsync(context, (await emulator.Address(context.RequestAborted)).AbsoluteUri, http, Config, Request);

    private async Task<T> Alone<T>(Func<Task<T>> write, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            return await write();
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary><c>/dbs/d/colls/c</c> of anything inside that container.</summary>
    private static string ContainerOf(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return '/' + string.Join('/', target.Split('?')[0].Trim('/').Split('/').Take(4));
    }

    private static Task Refuse(HttpContext context, HttpStatusCode status, string message)
    {
        context.Response.StatusCode = (int)status;
        context.Response.Headers[CosmosHeaders.SubStatus] = "0";
        return Answer(context, JsonSerializer.SerializeToUtf8Bytes(new { code = status.ToString(), message }), Json);
    }

    private static Task Answer(HttpContext context, byte[] body, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
