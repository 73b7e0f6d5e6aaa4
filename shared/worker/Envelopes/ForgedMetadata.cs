using System.Text;
using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>
/// Finds the metadata of a message that its body may have overwritten. The host copies every top-level property of a body that is a
/// JSON object, unless it is null or an array, over the metadata of that name in any case.
/// </summary>
internal static class ForgedMetadata
{
    private static readonly int LongestName = MessageMetadataNames.All.Max(n => n.Length);

    /// <summary>Everything, when the body looks like an object but is not strict JSON: the host's parser forgives what ours does not.</summary>
    public static MessageMetadata By(ReadOnlySpan<byte> body)
    {
        if (!LooksLikeObject(body))
            return MessageMetadata.None;
        try
        {
            return ByObject(body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return MessageMetadata.All;
        }
    }

    /// <summary>The host trims white space of any kind before it looks.</summary>
    private static bool LooksLikeObject(ReadOnlySpan<byte> body)
    {
        while (!body.IsEmpty)
        {
            Rune.DecodeFromUtf8(body, out var first, out var length);
            if (!Rune.IsWhiteSpace(first))
                return first.Value == '{';
            body = body[length..];
        }
        return false;
    }

    /// <exception cref="JsonException">The body is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A name is not valid Unicode.</exception>
    private static MessageMetadata ByObject(ReadOnlySpan<byte> body)
    {
        var forged = MessageMetadata.None;
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var named = Named(ref reader);
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.Null or JsonTokenType.StartArray))
                forged |= named;
            reader.Skip();
        }
        reader.Read();
        return forged;
    }

    private static MessageMetadata Named(ref Utf8JsonReader reader)
    {
        const int MostBytesOfEscapedCharacter = 6;
        if (reader.ValueSpan.Length > LongestName * MostBytesOfEscapedCharacter)
            return MessageMetadata.None;
        Span<char> buffer = stackalloc char[reader.ValueSpan.Length];
        ReadOnlySpan<char> name = buffer[..reader.CopyString(buffer)];
        for (var i = 0; i < MessageMetadataNames.All.Count; i++)
            if (name.Equals(MessageMetadataNames.All[i], StringComparison.OrdinalIgnoreCase))
                return (MessageMetadata)(1 << i);
        return MessageMetadata.None;
    }
}
