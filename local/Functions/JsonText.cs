using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Hexabase.Local.Functions;

/// <summary>
/// Text inside JSON that .NET takes as JSON but refuses to read or write: half a surrogate pair, escaped as in <c>"\ud800"</c>, and
/// bytes that are not UTF-8.
/// </summary>
internal static class JsonText
{
    /// <summary>How deep answers of the app may be nested, whatever part of one is read again.</summary>
    public static readonly JsonDocumentOptions OfAnswers = new() { MaxDepth = 256 };

    /// <summary>True when every name and text in it can be read.</summary>
    /// <param name="json">Parsed from <paramref name="utf8"/>.</param>
    public static bool IsWhole(JsonElement json, ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            return false;
        if (utf8.IndexOf("\\u"u8) < 0)
            return true;
        try
        {
            using var nowhere = new Utf8JsonWriter(Stream.Null);
            json.WriteTo(nowhere);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>False when a text is not JSON, or is such that it can be read but not written.</summary>
    /// <param name="parsed">To be disposed.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonDocument? parsed)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        try
        {
            parsed = JsonDocument.Parse(utf8);
        }
        catch (JsonException)
        {
            parsed = null;
            return false;
        }
        if (IsWhole(parsed.RootElement, utf8))
            return true;
        parsed.Dispose();
        parsed = null;
        return false;
    }
}
