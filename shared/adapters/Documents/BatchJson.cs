using System.Text.Json;
using Hexabase.Domain;
using Hexabase.Domain.Documents;

namespace Hexabase.Adapters.Documents;

/// <summary>The values of a batch as every store keeps them.</summary>
internal static class BatchJson
{
    /// <summary>UTF-8 JSON for each operation in turn; null for a delete.</summary>
    /// <exception cref="DocumentTooLargeException">They are over <see cref="DocumentBatch.MostBytes"/> together.</exception>
    public static byte[]?[] Of(DocumentBatch batch)
    {
        var values = new byte[]?[batch.Operations.Count];
        var bytes = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            if (batch.Operations[i].Value is not { } value)
                continue;
            var json = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), DomainJson.Options);
            bytes += json.Length;
            values[i] = json;
        }
        return bytes <= DocumentBatch.MostBytes
            ? values
            : throw new DocumentTooLargeException($"The batch has {bytes} bytes as JSON; {DocumentBatch.MostBytes} are allowed.");
    }
}
