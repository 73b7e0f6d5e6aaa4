using System.Text;
using System.Text.Json;

namespace Hexabase.Worker.Envelopes;

/// <summary>An array as the host sends it: a string that holds the JSON of the array, or the array itself. Its items are encoded once.</summary>
internal readonly struct HostArray : IDisposable
{
    private readonly JsonDocument? held;
    private readonly JsonElement array;

    private HostArray(JsonDocument? held, JsonElement array) => (this.held, this.array) = (held, array);

    public static HostArray Missing => default;

    public bool IsArray => array.ValueKind == JsonValueKind.Array;

    public int Count => array.GetArrayLength();

    /// <summary>Never throws for what the value is; see <see cref="IsArray"/>.</summary>
    public static HostArray Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
            return new HostArray(null, value);
        try
        {
            var document = JsonDocument.Parse(DoubleEncoding.Bytes(value));
            return new HostArray(document, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Missing;
        }
    }

    public bool TryGet(int index, out JsonElement item)
    {
        var exists = IsArray && index < array.GetArrayLength();
        item = exists ? array[index] : default;
        return exists;
    }

    /// <summary>An item's text, or its JSON when it is not a string.</summary>
    public byte[] Utf8At(int index) =>
        Encoding.UTF8.GetBytes(array[index] is { ValueKind: JsonValueKind.String } text ? text.GetString()! : array[index].GetRawText());

    /// <summary>Text of a scalar item; null when there is none.</summary>
    public string? TextAt(int index)
    {
        if (!TryGet(index, out var item))
            return null;
        try
        {
            return item.ValueKind switch
            {
                JsonValueKind.String => item.GetString(),
                JsonValueKind.Number => item.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // An escape that is not Unicode.
        }
    }

    public void Dispose() => held?.Dispose();
}
