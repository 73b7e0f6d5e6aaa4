using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Documents;

namespace Hexabase.Adapters.Cosmos;

/// <summary>
/// A document as Cosmos holds it: <c>{id, [partition key], ttl?, expires_at?, value}</c>. <c>ttl</c>, in seconds, is for Cosmos, which deletes by it;
/// <c>expires_at</c>, in Unix milliseconds, is for the store, which goes by its own clock.
/// </summary>
internal readonly struct CosmosItem(JsonElement json)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Cosmos counts whole seconds by a clock of its own, and must not delete what is live by the store's.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    public CosmosVersion Version { get; } =
        new(json.GetProperty("_etag"u8).GetString()!, json.TryGetProperty("expires_at"u8, out var at) ? at.GetInt64() : null);

    public Document<T> Document<T>(Container container) where T : class => new(
        json.GetProperty(container.PartitionKey).GetString()!,
        json.GetProperty("id"u8).GetString()!,
        Version.ToString(),
        json.GetProperty("value"u8).Deserialize<T>(DomainJson.Options)!);

    /// <summary>The item that an operation writes; <paramref name="value"/> is its JSON.</summary>
    public static byte[] Write(DocumentBatch batch, DocumentOperation operation, byte[] value, DateTimeOffset now) => operation.TimeToLive is { } ttl
        ? Write(batch, operation.Id, value, CosmosSeconds(ttl), (now + ttl).ToUnixTimeMilliseconds())
        : Write(batch, operation.Id, value, ttl: null, expiresAt: null);

    /// <summary>An item whose time has been over for ever: to every reader it is not there, and Cosmos soon deletes it.</summary>
    public static byte[] WriteNothing(DocumentBatch batch, string id) => Write(batch, id, value: null, ttl: 1, expiresAt: 0);

    private static byte[] Write(DocumentBatch batch, string id, byte[]? value, int? ttl, long? expiresAt)
    {
        var output = new ArrayBufferWriter<byte>((value?.Length ?? 0) + 512);
        using (var json = new Utf8JsonWriter(output, Writing))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString(batch.Container.PartitionKey, batch.Partition);
            if (ttl is { } seconds)
                json.WriteNumber("ttl"u8, seconds);
            if (expiresAt is { } at)
                json.WriteNumber("expires_at"u8, at);
            if (value is not null)
            {
                json.WritePropertyName("value"u8);
                json.WriteRawValue(value, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    private static int CosmosSeconds(TimeSpan ttl) => (int)Math.Min(Math.Ceiling((ttl + Margin).TotalSeconds), int.MaxValue);
}
