using System.Text;
using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>
/// Finds the metadata that the trigger's own text, the body of a message or the input of an activity, may have overwritten. The host
/// copies every top-level property of a text that is a JSON object, unless it is null or an array, over the metadata of that name in
/// any case.
/// </summary>
internal static class ForgedMetadata
{
    /// <summary>Longer than any name asked for, each character of it escaped.</summary>
    private const int MostBytesOfName = 256;

    /// <summary>Everything, when the body looks like an object but is not strict JSON: the host's parser forgives what ours does not.</summary>
    public static MessageMetadata By(ReadOnlySpan<byte> body) => (MessageMetadata)Among(MessageMetadataNames.All, body);

    /// <summary>Whether a text may have overwritten the metadata of one name.</summary>
    public static bool MayBe(string name, ReadOnlySpan<byte> text) => Among([name], text) != 0;

    /// <summary>One bit for each of the names, in their order.</summary>
    private static int Among(IReadOnlyList<string> names, ReadOnlySpan<byte> text)
    {
        if (!LooksLikeObject(text))
            return 0;
        try
        {
            return ByObject(names, text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (1 << names.Count) - 1;
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

    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A name is not valid Unicode.</exception>
    private static int ByObject(IReadOnlyList<string> names, ReadOnlySpan<byte> text)
    {
        var forged = 0;
        var reader = new Utf8JsonReader(text);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var named = Named(names, ref reader);
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.Null or JsonTokenType.StartArray))
                forged |= named;
            reader.Skip();
        }
        reader.Read();
        return forged;
    }

    private static int Named(IReadOnlyList<string> names, ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > MostBytesOfName)
            return 0;
        Span<char> buffer = stackalloc char[reader.ValueSpan.Length];
        ReadOnlySpan<char> name = buffer[..reader.CopyString(buffer)];
        for (var i = 0; i < names.Count; i++)
            if (name.Equals(names[i], StringComparison.OrdinalIgnoreCase))
                return 1 << i;
        return 0;
    }
}
