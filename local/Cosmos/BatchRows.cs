using System.Text.Json;
using Microsoft.Azure.Cosmos;
using Microsoft.Azure.Cosmos.Serialization.HybridRow;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.IO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Layouts;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.RecordIO;
using Microsoft.Azure.Cosmos.Serialization.HybridRow.Schemas;

namespace Hexabase.Local.Cosmos;

/// <summary>Operations and results of a batch as the SDK sends and expects them: a RecordIO stream of HybridRow rows.</summary>
internal static class BatchRows
{
    /// <summary>More than every column but the item takes.</summary>
    private const int RowOverhead = 1_024;

    private static readonly Namespace Schemas = SchemasOfTheSdk();
    private static readonly LayoutResolverNamespace Layouts = new(Schemas);
    private static readonly Layout ResultLayout = Layouts.Resolve(Schemas.Schemas.Find(s => s.Name == "BatchResult")!.SchemaId);

    /// <exception cref="MalformedRequestException">It is not what the SDK sends, or has an operation that is not served here.</exception>
    public static async Task<IReadOnlyList<BatchOperation>> Read(Stream body)
    {
        var operations = new List<BatchOperation>();
        var result = await RecordIOStream.ReadRecordIOAsync(body, (Func<ReadOnlyMemory<byte>, Result>)Add, null, new MemorySpanResizer<byte>((int)body.Length));
        return result == Result.Success ? operations : throw new MalformedRequestException($"The batch cannot be read ({result}).");

        Result Add(ReadOnlyMemory<byte> row)
        {
            operations.Add(ReadOperation(row));
            return Result.Success;
        }
    }

    public static async Task<byte[]> Write(IReadOnlyList<BatchResult> results)
    {
        using var stream = new MemoryStream();
        var written = await RecordIOStream.WriteRecordIOAsync(stream, default, Produce, null);
        return written == Result.Success ? stream.ToArray() : throw new InvalidOperationException($"The results cannot be written ({written}).");

        Result Produce(long index, out ReadOnlyMemory<byte> row)
        {
            row = index < results.Count ? WriteResult(results[(int)index]) : default;
            return Result.Success;
        }
    }

    private static BatchOperation ReadOperation(ReadOnlyMemory<byte> bytes)
    {
        var reader = new RowReader(bytes, HybridRowVersion.V1, Layouts);
        var (verb, id, ifMatch, minimal, item) = (default(int?), default(string), default(string), false, default(JsonElement?));
        while (reader.Read())
        {
            var result = Result.Success;
            switch (reader.Path.ToString())
            {
                case "operationType":
                    result = reader.ReadInt32(out var type);
                    verb = type;
                    break;
                case "id":
                    result = reader.ReadString(out id);
                    break;
                case "ifMatch":
                    result = reader.ReadString(out ifMatch);
                    break;
                case "minimalReturnPreference":
                    result = reader.ReadBool(out minimal);
                    break;
                case "resourceBody":
                    result = reader.ReadBinary(out byte[] json);
                    item = Parse(json);
                    break;
            }
            if (result != Result.Success)
                throw new MalformedRequestException($"An operation of the batch cannot be read ({result}).");
        }
        if (verb is not { } known || !Enum.IsDefined((BatchVerb)known))
            throw new MalformedRequestException($"Operation type {verb} is not served here.");
        return new BatchOperation((BatchVerb)known, id ?? IdOf(item), item, ifMatch, minimal);
    }

    private static byte[] WriteResult(BatchResult result)
    {
        var row = new RowBuffer(result.Item.Length + RowOverhead);
        row.InitLayout(HybridRowVersion.V1, ResultLayout, Layouts);
        var written = RowWriter.WriteBuffer(ref row, result, WriteColumns);
        return written == Result.Success ? row.ToArray() : throw new InvalidOperationException($"A result cannot be written ({written}).");
    }

    private static Result WriteColumns(ref RowWriter writer, TypeArgument type, BatchResult result)
    {
        var written = writer.WriteInt32("statusCode", result.Status);
        if (written == Result.Success)
            written = writer.WriteInt32("subStatusCode", 0);
        if (written == Result.Success && result.ETag is not null)
            written = writer.WriteString("eTag", result.ETag);
        if (written == Result.Success && !result.Item.IsEmpty)
            written = writer.WriteBinary("resourceBody", result.Item.Span);
        return written == Result.Success ? writer.WriteFloat64("requestCharge", result.Charge) : written;
    }

    private static JsonElement Parse(byte[] json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException e)
        {
            throw new MalformedRequestException($"An item of the batch is not JSON: {e.Message}");
        }
    }

    private static string IdOf(JsonElement? item) =>
        item is { ValueKind: JsonValueKind.Object } written && written.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()!
            : throw new MalformedRequestException("An operation of the batch names no id.");

    private static Namespace SchemasOfTheSdk()
    {
        using var json = typeof(CosmosClient).Assembly.GetManifestResourceStream("Microsoft.Azure.Cosmos.Batch.HybridRowBatchSchemas.json")!;
        using var reader = new StreamReader(json);
        return Namespace.Parse(reader.ReadToEnd());
    }
}
