using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hexabase.Worker.Envelopes;

/// <summary>Answers to envelopes. None is empty: an empty success would hang the host until its timeout.</summary>
internal static class InvocationAnswer
{
    private const string ReturnValue = "ReturnValue";

    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The body of an answer that hands nothing over.</summary>
    public static ReadOnlyMemory<byte> Nothing { get; } = "{}"u8.ToArray();

    /// <summary>The body of an answer that hands a text over to the trigger, as a string: the host rewrites any other value.</summary>
    public static ReadOnlyMemory<byte> Returning(string text)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, Unescaped))
        {
            StartReturning(writer);
            writer.WriteString(ReturnValue, text);
            writer.WriteEndObject();
        }
        return body.WrittenMemory;
    }

    /// <summary>The same of bytes, as base64.</summary>
    public static ReadOnlyMemory<byte> Returning(ReadOnlySpan<byte> bytes)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, Unescaped))
        {
            StartReturning(writer);
            writer.WriteBase64String(ReturnValue, bytes);
            writer.WriteEndObject();
        }
        return body.WrittenMemory;
    }

    /// <summary>The invocation is done; a message is completed.</summary>
    public static Task Success(HttpResponse response, ReadOnlyMemory<byte> body) => Write(response, body);

    /// <summary>
    /// The invocation failed and the host retries by the trigger's rules; a message is abandoned. The reason phrase is the only text that
    /// the host passes on.
    /// </summary>
    public static Task Failure(HttpResponse response, Exception failure)
    {
        response.StatusCode = StatusCodes.Status500InternalServerError;
        if (response.HttpContext.Features.Get<IHttpResponseFeature>() is { } feature)
            feature.ReasonPhrase = ReasonPhrase.Of(failure);
        return Write(response, Nothing);
    }

    private static void StartReturning(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("Outputs");
        writer.WriteEndObject();
        writer.WriteStartArray("Logs");
        writer.WriteEndArray();
    }

    private static async Task Write(HttpResponse response, ReadOnlyMemory<byte> body)
    {
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, CancellationToken.None);
    }
}
