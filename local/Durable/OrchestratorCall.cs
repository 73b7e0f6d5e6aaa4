using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Google.Protobuf;
using Hexabase.Durable;

namespace Hexabase.Local.Durable;

/// <summary>
/// One turn as the app is asked for it and answers it: protobuf in base64 in a JSON string, which on the way in is encoded twice.
/// </summary>
internal static class OrchestratorCall
{
    /// <summary>Writes the property <c>{binding}</c> of <c>Data</c>.</summary>
    /// <param name="began">The new events.</param>
    public static void Write(Utf8JsonWriter data, string binding, Execution execution, IEnumerable<HistoryEvent> began)
    {
        var head = new OrchestratorRequest { InstanceId = execution.InstanceId };
        var tail = new OrchestratorRequest { NewEvents = { began } };
        var (headSize, tailSize) = (head.CalculateSize(), tail.CalculateSize());
        var past = execution.Past.Span;
        var size = headSize + past.Length + tailSize;

        // The parts of a message, one after the other, are the message. Base64 takes the place of the bytes, between two quotes.
        var length = Base64.GetMaxEncodedToUtf8Length(size) + 2;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var text = rented.AsSpan(0, length);
        head.WriteTo(text.Slice(1, headSize));
        past.CopyTo(text[(1 + headSize)..]);
        tail.WriteTo(text.Slice(1 + headSize + past.Length, tailSize));
        Base64.EncodeToUtf8InPlace(text[1..^1], size, out _);
        text[0] = text[^1] = (byte)'"';
        data.WriteString(binding, text);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Null when <paramref name="fault"/> says what is wrong with the answer.</summary>
    /// <param name="returned">The answer's ReturnValue.</param>
    public static OrchestratorResponse? Read(ReadOnlySpan<byte> returned, out string? fault)
    {
        fault = null;
        try
        {
            var json = new Utf8JsonReader(returned);
            if (returned.IsEmpty || !json.Read() || json.TokenType != JsonTokenType.String || json.ValueSpan.IsEmpty)
                fault = "The ReturnValue of an orchestrator is a text that is not empty.";
            else if (!json.TryGetBytesFromBase64(out var bytes))
                fault = "The ReturnValue of an orchestrator is base64.";
            else if (OrchestratorResponse.Parser.ParseFrom(bytes) is var response && (fault = Turn.Fault(response)) is null)
                return response;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException) // the latter for half a surrogate pair
        {
            fault = $"The ReturnValue of an orchestrator is an OrchestratorResponse: {e.Message}";
        }
        return null;
    }
}
