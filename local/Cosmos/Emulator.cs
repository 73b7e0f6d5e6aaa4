using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hexabase.Local.Cosmos;

/// <summary>What the proxy itself asks the emulator.</summary>
/// <param name="address">Where it is.</param>
internal sealed class Emulator(HttpMessageInvoker http, Uri address)
{
    private const string Json = "application/json";

    public Uri Address => address;

    /// <summary>The account's own document.</summary>
    public async Task<JsonObject> Account(CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Get, "/", null, ct);
        return (JsonObject)(await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct))!;
    }

    /// <summary>Names of the property that is the partition key, outermost first; null when there is no such container.</summary>
    /// <param name="container">Its path.</param>
    public async Task<IReadOnlyList<string>?> PartitionKey(string container, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Get, container, null, ct);
        if (!answer.IsSuccessStatusCode)
            return null;
        using var definition = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(ct), cancellationToken: ct);
        return definition.RootElement.GetProperty("partitionKey").GetProperty("paths")[0].GetString()!.Split('/')[1..];
    }

    /// <summary>Whether a database or container exists.</summary>
    public async Task<bool> Exists(string path, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Get, path, null, ct);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Several operations with nothing in between; the emulator goes on after one that fails, and undoes nothing.</summary>
    /// <param name="container">Its path.</param>
    /// <param name="operations">A JSON array in the emulator's form.</param>
    /// <exception cref="HttpRequestException">The emulator did not carry it out.</exception>
    public async Task<JsonElement> Operate(string container, byte[] operations, CancellationToken ct)
    {
        using var answer = await Send(HttpMethod.Post, $"{container}/docs", operations, ct);
        answer.EnsureSuccessStatusCode();
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, byte[]? batch, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(address + path[1..], ForwardedRequest.AsItIs));
        if (batch is not null)
        {
            request.Content = new ByteArrayContent(batch) { Headers = { ContentType = new MediaTypeHeaderValue(Json) } };
            request.Headers.Add(CosmosHeaders.IsBatch, "true");
            request.Headers.Add(CosmosHeaders.ContinueOnError, "true");
        }
        return await http.SendAsync(request, ct);
    }
}
