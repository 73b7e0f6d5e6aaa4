using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Hexabase.Worker.Envelopes;

/// <summary>
/// What the host posts to run a function that is not purely HTTP: <c>{"Data":{"{binding}":value},"Metadata":{…}}</c>. The elements
/// live until it is disposed of.
/// </summary>
internal sealed class Envelope : IDisposable
{
    /// <summary>The largest envelope taken: a batch of 16 messages of 256 KB whose every character is escaped twice, and some room.</summary>
    public const long MostBytes = 32 * 1024 * 1024;

    private readonly JsonDocument document;

    private Envelope(JsonDocument document, JsonElement data, JsonElement metadata) =>
        (this.document, Data, Metadata) = (document, data, metadata);

    /// <summary>The value of the trigger's binding.</summary>
    public JsonElement Data { get; }

    /// <summary>An object; or undefined when the host sent none.</summary>
    public JsonElement Metadata { get; }

    /// <summary>Reads the whole body, which may be chunked.</summary>
    /// <exception cref="JsonException">The body is not such an envelope.</exception>
    /// <exception cref="BadHttpRequestException">The body is larger than the endpoint takes.</exception>
    public static async Task<Envelope> Read(HttpRequest request, string bindingName, CancellationToken ct)
    {
        var parsed = await JsonDocument.ParseAsync(request.Body, default, ct);
        var root = parsed.RootElement;
        if (root.ValueKind == JsonValueKind.Object
            && root.TryGetProperty(nameof(Data), out var data) && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty(bindingName, out var value))
        {
            var hasMetadata = root.TryGetProperty(nameof(Metadata), out var metadata) && metadata.ValueKind == JsonValueKind.Object;
            return new Envelope(parsed, value, hasMetadata ? metadata : default);
        }
        parsed.Dispose();
        throw new JsonException($"The envelope has no Data.{bindingName}.");
    }

    public void Dispose() => document.Dispose();
}
