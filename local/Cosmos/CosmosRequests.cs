using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    private static readonly ForwarderRequestConfig Config = new() { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>One write at a time: a batch checks its conditions before it writes.</summary>
    private readonly SemaphoreSlim writing = new(1);

    private readonly ForwardedRequest forwarded = new(emulator);

    public async Task Serve(HttpContext context)
    {
        try
        {
            await (Refusal(context.Request) is var (status, message) ? Refuse(context, status, message) : Dispatch(context));
        }
        catch (Exception e) when (e is MalformedRequestException or JsonException)
        {
            await Refuse(context, HttpStatusCode.BadRequest, e.Message);
        }
        catch (HttpRequestException e) when (!context.Response.HasStarted)
        {
            await Refuse(context, HttpStatusCode.ServiceUnavailable, $"The emulator does not answer: {e.Message}");
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
        return HttpMethods.IsGet(context.Request.Method) ? Forward(context) : Alone(context, () => Forward(context));
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
        if (request.Headers.ContainsKey(CosmosHeaders.PartitionKey)
            && await emulator.PartitionKey(CosmosTarget.Of(context).Container, context.RequestAborted) is { } path)
        {
            using var query = await JsonDocument.ParseAsync(request.Body, cancellationToken: context.RequestAborted);
            var restricted = PartitionedQuery.Restrict(query.RootElement, path, PartitionOf(request));
            request.Body = new MemoryStream(restricted);
            request.ContentLength = restricted.Length;
        }
        await Forward(context);
    }

    private async Task ServeBatch(HttpContext context)
    {
        if (!context.Request.Headers.Says(CosmosHeaders.IsAtomic))
            throw new MalformedRequestException("Bulk requests are not served here, only transactional batches.");
        var operations = await ReadBatch(context);
        if (operations.Count > MostOperations)
            throw new MalformedRequestException($"A batch has at most {MostOperations} operations.");
        var container = CosmosTarget.Of(context).Container;
        if (await emulator.PartitionKey(container, context.RequestAborted) is not { } path)
        {
            context.Response.Headers[CosmosHeaders.SubStatus] = CosmosHeaders.OwnerNotFound;
            await Refuse(context, HttpStatusCode.NotFound, "There is no such container.");
            return;
        }
        var partition = PartitionOf(context.Request);
        var results = await Alone(context, () => batches.Apply(container, path, partition, operations));
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

    private Task<ForwarderError> Forward(HttpContext context) =>
        forwarder.SendAsync(context, emulator.Address.AbsoluteUri, http, Config, forwarded).AsTask();

    /// <summary>Writes when it is its turn, to the end even when the caller leaves: the emulator would write all the same, but after the turn.</summary>
    private async Task<T> Alone<T>(HttpContext context, Func<Task<T>> write)
    {
        await writing.WaitAsync(context.RequestAborted);
        context.RequestAborted = CancellationToken.None;
        try
        {
            return await write();
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The value of the partition key that the request is for; the header is a JSON array of one.</summary>
    private static JsonElement PartitionOf(HttpRequest request) =>
        JsonElement.Parse(request.Headers[CosmosHeaders.PartitionKey].ToString()) is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() == 1
            ? values[0]
            : throw new MalformedRequestException("Only one value of a partition key is served here.");

    private static Task Refuse(HttpContext context, HttpStatusCode status, string message)
    {
        context.Response.StatusCode = (int)status;
        return Answer(context, JsonSerializer.SerializeToUtf8Bytes(new { code = status.ToString(), message }), Json);
    }

    private static Task Answer(HttpContext context, byte[] body, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
