using System.Text.Json;

namespace Hexabase.Local.Cosmos;

/// <summary>
/// Transactional batches on an emulator that has none. Every condition is checked first, then all operations are sent as one request that
/// the emulator carries out in one go, so that no reader sees half of it. The caller lets no other write in between.
/// </summary>
internal sealed class Batches(Emulator emulator)
{
    /// <param name="container">Its path.</param>
    /// <param name="path">Names of its partition key property, outermost first.</param>
    /// <param name="partition">Its value.</param>
    public async Task<IReadOnlyList<BatchResult>> Apply(
        string container, IReadOnlyList<string> path, JsonElement partition, IReadOnlyList<BatchOperation> operations)
    {
        var stored = await ETags(container, partition, [.. operations.Select(o => o.Id).Distinct(StringComparer.Ordinal)]);
        if (BatchRules.Refusal(operations, partition, path, stored) is var (operation, status))
            return BatchRules.Refused(operations.Count, operation, status);

        var request = Json(operations, (json, o) => Write(json, o.Verb, o.Id, partition, o.Item));
        var answers = await emulator.Operate(container, request, CancellationToken.None);
        var results = answers.EnumerateArray().Zip(operations, Result).ToList();
        return results.TrueForAll(r => r.Status < StatusCodes.Status400BadRequest)
            ? results
            : throw new InvalidOperationException($"The emulator refused a batch whose conditions held: {answers}");
    }

    private async Task<Dictionary<string, string>> ETags(string container, JsonElement partition, IReadOnlyList<string> ids)
    {
        var request = Json(ids, (json, id) => Write(json, BatchVerb.Read, id, partition, null));
        var answers = await emulator.Operate(container, request, CancellationToken.None);
        return answers.EnumerateArray().Zip(ids)
            .Where(read => read.First.TryGetProperty("eTag", out _))
            .ToDictionary(read => read.Second, read => read.First.GetProperty("eTag").GetString()!, StringComparer.Ordinal);
    }

    private static BatchResult Result(JsonElement answer, BatchOperation operation) => new(
        answer.GetProperty("statusCode").GetInt32(),
        answer.TryGetProperty("eTag", out var etag) ? etag.GetString() : null,
        !operation.Minimal && answer.TryGetProperty("resourceBody", out var item) ? JsonSerializer.SerializeToUtf8Bytes(item) : default,
        answer.GetProperty("requestCharge").GetDouble());

    private static byte[] Json<T>(IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var item in items)
                write(json, item);
            json.WriteEndArray();
        }
        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, BatchVerb verb, string id, JsonElement partition, JsonElement? item)
    {
        json.WriteStartObject();
        json.WriteString("operationType", verb.ToString());
        json.WriteString("id", id);
        json.WriteString("partitionKey", $"[{partition.GetRawText()}]");
        if (item is { } body)
        {
            json.WritePropertyName("resourceBody");
            body.WriteTo(json);
        }
        json.WriteEndObject();
    }
}
