using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Hexabase.Tests.EndToEnd;

/// <summary>A span as it was exported; ids in lower-case hex digits.</summary>
/// <param name="LinkedTraces">The traces of the spans that it is linked to.</param>
public sealed record ExportedSpan(string Name, string TraceId, string SpanId, string ParentId, IReadOnlyList<string> LinkedTraces);

/// <summary>An OTLP collector that keeps the spans it is sent.</summary>
public sealed class TraceCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<ExportedSpan> spans = new();
    private readonly WebApplication server;

    private TraceCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.MapPost("/v1/traces", async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            Read(body.ToArray());
        });
    }

    public IReadOnlyList<ExportedSpan> Spans => [.. spans];

    /// <summary>What tells an app to export here, and soon.</summary>
    public IReadOnlyList<(string Name, string Value)> Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", server.Urls.Single()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];

    public static async Task<TraceCollector> Start()
    {
        var collector = new TraceCollector();
        await collector.server.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    /// <summary>Field numbers of opentelemetry-proto 1.x: ExportTraceServiceRequest, ResourceSpans, ScopeSpans, Span, Span.Link.</summary>
    private void Read(ReadOnlySpan<byte> request)
    {
        foreach (var resource in Fields(request, 1))
        {
            foreach (var scope in Fields(resource, 2))
            {
                foreach (var span in Fields(scope, 2))
                {
                    spans.Enqueue(new ExportedSpan(
                        System.Text.Encoding.UTF8.GetString(Fields(span, 5).Single()),
                        Hex(span, 1),
                        Hex(span, 2),
                        Hex(span, 4),
                        [.. Fields(span, 13).Select(link => Hex(link, 1))]));
                }
            }
        }
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    /// <summary>The values of a length-delimited field of a protobuf message.</summary>
    private static List<byte[]> Fields(ReadOnlySpan<byte> message, int field)
    {
        var values = new List<byte[]>();
        while (message.Length > 0)
        {
            var key = Varint(ref message);
            var length = (key & 7) switch
            {
                0 => SkippedVarint(ref message),
                1 => 8,
                2 => (int)Varint(ref message),
                _ => 4,
            };
            if (key == (ulong)((field << 3) | 2))
                values.Add(message[..length].ToArray());
            message = message[length..];
        }
        return values;
    }

    private static int SkippedVarint(ref ReadOnlySpan<byte> message)
    {
        Varint(ref message);
        return 0;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[0];
            message = message[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
