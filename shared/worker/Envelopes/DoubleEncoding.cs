using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>
/// Undoes what the host does to values that are neither objects, bytes nor dates: it sends a JSON string that holds the JSON text of the
/// value, so the text <c>hi</c> comes as <c>"\"hi\""</c> and the number 4 as <c>"4"</c>.
/// </summary>
internal static class DoubleEncoding
{
    private const int MostBytesOnStack = 512;

    /// <summary>
    /// The text of a value as UTF-8: of a string inside the string; else what the string holds as it is; else the JSON of the value.
    /// </summary>
    /// <exception cref="InvalidOperationException">An escape in it is not Unicode; no host writes such.</exception>
    public static byte[] Bytes(JsonElement value) => Decode(value, static utf8 => utf8.ToArray());

    /// <summary>The same as a string; null when an escape in it is not Unicode.</summary>
    public static string? TextOrNull(JsonElement value)
    {
        try
        {
            return Decode(value, static utf8 => Encoding.UTF8.GetString(utf8));
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Makes something of a text, which is gone afterwards.</summary>
    public delegate T Reading<T>(ReadOnlySpan<byte> utf8);

    /// <summary>Reads the text that <see cref="Bytes"/> would give, without a copy of its own.</summary>
    /// <exception cref="InvalidOperationException">An escape in it is not Unicode; no host writes such.</exception>
    public static T Decode<T>(JsonElement value, Reading<T> read)
    {
        var json = JsonMarshal.GetRawUtf8Value(value);
        if (value.ValueKind != JsonValueKind.String)
            return read(json);

        // Decoding never makes a text longer. One half for what the outer string holds, one for the inner.
        byte[]? rented = null;
        var halves = json.Length * 2 <= MostBytesOnStack
            ? stackalloc byte[MostBytesOnStack]
            : (rented = ArrayPool<byte>.Shared.Rent(json.Length * 2));
        try
        {
            var outer = new Utf8JsonReader(json);
            outer.Read();
            var content = halves[..outer.CopyString(halves[..json.Length])];
            return read(TryDecodeString(content, halves[json.Length..], out var length) ? halves.Slice(json.Length, length) : content);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>False when the text is not exactly one JSON string.</summary>
    private static bool TryDecodeString(ReadOnlySpan<byte> json, Span<byte> decoded, out int length)
    {
        length = 0;
        if (json.IsEmpty || json[0] != (byte)'"')
            return false;
        try
        {
            var inner = new Utf8JsonReader(json);
            inner.Read();
            length = inner.CopyString(decoded);
            return !inner.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
