using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Hexabase.Local.Functions;

/// <summary>
/// The body of an envelope call, <c>{"Data":{…},"Metadata":{…}}</c>, sent chunked as the Functions host does (no Content-Length). It is
/// written to memory at once; the memory is used again by later envelopes.
/// </summary>
internal sealed class Envelope : HttpContent
{
    private const int MostKept = 256;
    private const int LargestKept = 256 * 1024;
    private static readonly ConcurrentBag<Writer> Spare = [];

    private readonly Writer writer;
    private bool sent;

    private Envelope(Writer writer)
    {
        this.writer = writer;
        Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
    }

    /// <param name="function">Becomes <c>sys.MethodName</c>.</param>
    /// <param name="data">Writes the one property of Data.</param>
    /// <param name="metadata">Writes the properties of Metadata; <c>sys</c> is added.</param>
    /// <param name="now">Becomes <c>sys.UtcNow</c>.</param>
    public static Envelope Write(string function, Action<Utf8JsonWriter> data, Action<Utf8JsonWriter> metadata, DateTimeOffset now)
    {
        var memory = Spare.TryTake(out var spare) ? spare : new Writer();
        var json = memory.Json;
        json.WriteStartObject();
        json.WriteStartObject("Data");
        data(json);
        json.WriteEndObject();
        json.WriteStartObject("Metadata");
        metadata(json);
        json.WriteStartObject("sys");
        json.WriteString("MethodName", function);
        json.WriteString("UtcNow", now.UtcDateTime);
        json.WriteString("RandGuid", Guid.NewGuid());
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return new Envelope(memory);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(writer.Bytes.WrittenMemory);
        sent = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        // While a cancelled call may still be writing it, the memory is left to the garbage collector.
        if (disposing && sent && writer.Bytes.Capacity <= LargestKept && Spare.Count < MostKept)
        {
            sent = false;
            writer.Clear();
            Spare.Add(writer);
        }
        base.Dispose(disposing);
    }

    private sealed class Writer
    {
        public Writer() => Json = new Utf8JsonWriter(Bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public ArrayBufferWriter<byte> Bytes { get; } = new(1_024);

        public Utf8JsonWriter Json { get; }

        public void Clear()
        {
            Bytes.ResetWrittenCount();
            Json.Reset();
        }
    }
}
