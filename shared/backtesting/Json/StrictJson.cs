using System.Globalization;
using System.Text.Json;

namespace Hexabase.Backtesting.Json;

/// <summary>How JSON is read that somebody else wrote: RFC 8259 without leniency, and no property twice.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a JSON text.</summary>
    /// <exception cref="JsonException">It is none, or a property stands there twice or has a name that is no text.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonElement.Parse(json, Options);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A name is no text.", e); // half of a surrogate pair, found when names are compared
        }
    }

    /// <summary>Where reading stopped, to go on a sentence; the exception's own message quotes the input at any length.</summary>
    public static string PlaceOf(JsonException e) =>
        e.LineNumber is { } line
            ? string.Create(CultureInfo.InvariantCulture, $" from line {line + 1}, byte {e.BytePositionInLine + 1} on")
            : "";

    /// <summary>A property that is well-formed text; null for anything else.</summary>
    public static string? Text(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, or bytes that are no UTF-8
        }
    }
}
